import { readQueueLevel } from '@ott/queue'
import { readStanding, type Redis, type RedisStanding } from '@ott/runtime'

import { type NetworkLevel, toNetworkLevel, type WatchedNetwork } from './network-level.ts'
import { type ParkedSender, withHolds } from './parked-senders.ts'

/** How all stands at one moment: `at`, in milliseconds since 1970. */
export type Look = {
  readonly at: number
  /** By name. */
  readonly levels: ReadonlyMap<string, NetworkLevel>
  /** Those with most deliveries that wait, of all networks, the worst first. */
  readonly parked: readonly ParkedSender[]
  readonly redis: RedisStanding
}

/** Nobody reads a longer list, and each costs two questions to Redis. */
const listedMax = 20

/** Looks once. Rejects when Redis is away. */
export async function takeLook(networks: readonly WatchedNetwork[], redis: Redis, now: () => number): Promise<Look> {
  const [queues, counts, standing] = await Promise.all([
    Promise.all(networks.map((network) => network.queues.all())),
    Promise.all(networks.map(({ parked }) => parked.bySender())),
    readStanding(redis),
  ])
  // Nothing comes between the time and the levels, which what ended by then is compared with.
  const at = now()
  const levels = await Promise.all(queues.map((ofNetwork) => Promise.all(ofNetwork.map(readQueueLevel))))
  const parked = networks.map(({ name }, index) => withHolds(name, most(counts[index] ?? []), redis))
  return {
    at,
    levels: new Map(
      networks.map(({ name }, index) => [name, toNetworkLevel(levels[index] ?? [], counts[index] ?? [], at)]),
    ),
    parked: most((await Promise.all(parked)).flat()),
    redis: standing,
  }
}

/** The worst first. */
function most<Counted extends { readonly waiting: number }>(counts: readonly Counted[]): readonly Counted[] {
  return counts.toSorted((one, other) => other.waiting - one.waiting).slice(0, listedMax)
}
