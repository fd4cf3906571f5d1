import type { Delivery } from '@ott/delivery'
import { networks } from '@ott/networks'
import { type DeliveryQueues, type Lane, lanes } from '@ott/queue'
import { type Logger, type Tracing, whenKnown } from '@ott/runtime'
import { Counter, type Registry } from 'prom-client'

import { perNetwork } from './per-network.ts'
import { exposeLevels } from './level-metrics.ts'
import { SenderShares } from './send/sender-shares.ts'
import { tracedEnqueue } from './send/traced-enqueue.ts'

const definitionOf = perNetwork(networks, (_network, definition) => definition)

/** The queues, each delivery in its lane. */
export type Lanes = {
  readonly enqueue: (delivery: Delivery, queue?: string) => Promise<void>
  /** Puts what was queued in each lane, and what is in the queues, among a program's metrics. */
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
  const enqueue: Lanes['enqueue'] = (delivery, queue) =>
    whenKnown(shares.laneOf(delivery), async (lane) => {
      try {
        await queues.add(delivery, lane, queue)
      } catch (error) {
        shares.notQueued(delivery)
        throw error
      }
      queued.add(delivery.network, lane)
    })
  return {
    enqueue: tracedEnqueue({ enqueue, queueOf: (delivery) => queues.queueOf(delivery) }, tracing),
    exposeLanes: (registry) => {
      registry.registerMetric(queued.metric)
      exposeLevels(registry, () => queues.levels())
    },
  }
}

/** A plain number for each network and lane, which the metric takes over when it is collected. */
function countQueued() {
  const counts = Object.keys(networks).flatMap((network) => lanes.map((lane) => ({ network, lane, count: 0 })))
  const metric = new Counter({
    name: 'ott_queued_deliveries_total',
    help: 'Deliveries that were queued, by lane: replies go first, and what is over its sender’s share goes last.',
    labelNames: ['network', 'lane'],
    registers: [],
    collect() {
      for (const each of counts) {
        this.inc({ network: each.network, lane: each.lane }, each.count)
        each.count = 0
      }
    },
  })
  return {
    metric,
    add: (network: string, lane: Lane): void => {
      const found = counts.find((each) => each.network === network && each.lane === lane)
      if (found !== undefined) found.count += 1
    },
  }
}
