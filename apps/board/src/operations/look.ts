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
export async function takeLook(networks: readonly WatchedNetwork[], redis: Redis, at: number): Promise<Look> {
  const [standing, looks] = await Promise.all([
    readStanding(redis),
    Promise.all(networks.map((network) => lookAt(network, redis, at))),
  ])
  return {
    at,
    levels: new Map(looks.map(({ name, level }) => [name, level])),
    parked: looks
      .flatMap(({ parked }) => parked)
      .toSorted(byWaiting)
      .slice(0, listedMax),
    redis: standing,
  }
}

async function lookAt({ name, queues, parked }: WatchedNetwork, redis: Redis, at: number) {
  const [levels, counts] = await Promise.all([
    queues.all().then((all) => Promise.all(all.map(readQueueLevel))),
    parked.bySender(),
  ])
  const most = counts.toSorted(byWaiting).slice(0, listedMax)
  return { name, level: toNetworkLevel(levels, counts, at), parked: await withHolds(name, most, redis) }
}

function byWaiting(one: { readonly waiting: number }, other: { readonly waiting: number }): number {
  return other.waiting - one.waiting
}
