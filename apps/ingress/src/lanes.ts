import type { Delivery } from '@ott/delivery'
import { networks } from '@ott/networks'
import type { DeliveryQueues, Lane } from '@ott/queue'
import type { Logger } from '@ott/runtime'
import { Counter, type Registry } from 'prom-client'

import { perNetwork } from './per-network.ts'
import { SenderShares } from './send/sender-shares.ts'

const definitionOf = perNetwork(networks, (_network, definition) => definition)

/** The queues, each delivery in its lane. */
export type Lanes = {
  readonly enqueue: (delivery: Delivery, queue?: string) => Promise<void>
  /** Puts what was queued in each lane among a program's metrics. */
  readonly exposeLanes: (registry: Registry) => void
}

/** `sharePerSecond` is of each sender, in this process. */
export function openLanes(
  queues: DeliveryQueues,
  { sharePerSecond, logger }: { readonly sharePerSecond: number; readonly logger: Logger },
): Lanes {
  const counts = new Map<string, Record<Lane, number>>(
    Object.keys(networks).map((network) => [network, { reply: 0, usual: 0, slow: 0 }]),
  )
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
      const counted = counts.get(delivery.network)
      if (counted !== undefined) counted[lane] += 1
    },
    exposeLanes: (registry) => {
      const queued: Counter<'network' | 'lane'> = new Counter({
        name: 'ott_queued_deliveries_total',
        help: 'Deliveries that were queued, by lane: replies go first, and what is over its sender’s share goes last.',
        labelNames: ['network', 'lane'],
        registers: [],
        collect: (): void => setTo(queued, counts),
      })
      registry.registerMetric(queued)
    },
  }
}

function setTo(counter: Counter<'network' | 'lane'>, counts: ReadonlyMap<string, Record<Lane, number>>): void {
  counter.reset()
  for (const [network, lanes] of counts)
    for (const [lane, queued] of Object.entries(lanes)) counter.inc({ network, lane }, queued)
}
