import type { Delivery } from '@ott/delivery'
import { networks } from '@ott/networks'
import { type DeliveryQueues, lanes } from '@ott/queue'
import type { Logger } from '@ott/runtime'
import { Counter, type Registry } from 'prom-client'

import { perNetwork } from './per-network.ts'
import { exposeLevels } from './level-metrics.ts'
import { SenderShares } from './send/sender-shares.ts'

const definitionOf = perNetwork(networks, (_network, definition) => definition)

/** The queues, each delivery in its lane. */
export type Lanes = {
  readonly enqueue: (delivery: Delivery, queue?: string) => Promise<void>
  /** Puts what was queued in each lane, and what is in the queues, among a program's metrics. */
  readonly exposeLanes: (registry: Registry) => void
}

/** `sharePerSecond` is of each sender, in this process. */
export function openLanes(
  queues: DeliveryQueues,
  { sharePerSecond, logger }: { readonly sharePerSecond: number; readonly logger: Logger },
): Lanes {
  const queued = countQueued()
  const shares = new SenderShares({
    perSecond: sharePerSecond,
    isReply: (delivery) => definitionOf(delivery.network)?.isReply(delivery) ?? false,
    isWaiting: (delivery) => queues.isWaiting(delivery),
    logger,
  })
  return {
    enqueue: async (delivery, queue) => {
      const lane = await shares.laneOf(delivery)
      await queues.add(delivery, lane, queue)
      queued.inc({ network: delivery.network, lane })
    },
    exposeLanes: (registry) => {
      registry.registerMetric(queued)
      exposeLevels(registry, () => queues.levels())
    },
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
