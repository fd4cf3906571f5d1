import type { Delivery } from '@ott/delivery'
import { networks } from '@ott/networks'
import { type DeliveryQueues, lanes } from '@ott/queue'
import type { Logger, Tracing } from '@ott/runtime'
import { Counter, type Registry } from 'prom-client'

import { perNetwork } from './per-network.ts'
import { SenderShares } from './send/sender-shares.ts'
import { tracedEnqueue } from './send/traced-enqueue.ts'

const definitionOf = perNetwork(networks, (_network, definition) => definition)

/** The queues, each delivery in its lane. */
export type Lanes = {
  readonly enqueue: (delivery: Delivery, queue?: string) => Promise<void>
  /** Puts what was queued in each lane among a program's metrics. */
  readonly exposeLanes: (registry: Registry) => void
}

type LanesOptions = { readonly sharePerSecond: number; readonly logger: Logger; readonly tracing?: Tracing | undefined }

/** `sharePerSecond` is of each sender, in this process. */
export function openLanes(queues: DeliveryQueues, { sharePerSecond, logger, tracing }: LanesOptions): Lanes {
  const queued = countQueued()
  const shares = new SenderShares({
    perSecond: sharePerSecond,
    isReply: (delivery) => definitionOf(delivery.network)?.isReply(delivery) ?? false,
    isWaiting: (delivery) => queues.isWaiting(delivery),
    logger,
  })
  const enqueue: Lanes['enqueue'] = async (delivery, queue) => {
    const lane = await shares.laneOf(delivery)
    await queues.add(delivery, lane, queue)
    queued.inc({ network: delivery.network, lane })
  }
  return {
    enqueue: tracedEnqueue({ enqueue, queueOf: (delivery) => queues.queueOf(delivery) }, tracing),
    exposeLanes: (registry) => registry.registerMetric(queued),
  }
}

/** At 0 for each network and lane, so that a first delivery is an increase. */
function countQueued(): Counter<'network' | 'lane'> {
  const queued = new Counter({
    name: 'ott_queued_deliveries_total',
    help: 'Deliveries that were queued, by lane: replies go first, and what is over its sender’s share goes last.',
    labelNames: ['network', 'lane'],
    registers: [],
  })
  for (const network of Object.keys(networks)) for (const lane of lanes) queued.inc({ network, lane }, 0)
  return queued
}
