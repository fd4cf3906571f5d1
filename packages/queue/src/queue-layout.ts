import { crc32 } from 'node:zlib'

import type { Delivery } from '@ott/delivery'
import { count, type Redis } from '@ott/runtime'
import { z } from 'zod'

/** Each queue that a worker takes costs it a connection. */
const shardsMax = 1024

/** How a network's new deliveries are divided. */
export const QueueEnvironment = z.object({
  QUEUE_SHARDS: count(1)
    .refine((shards) => shards <= shardsMax, `must be at most ${shardsMax}`)
    .default(1)
    .describe(
      "in how many queues a network's deliveries go: at least as many as a Redis Cluster has masters (docs/scaling.md)",
    ),
})

/** Which queues a worker takes: these shards of its own layout, and the queues of any other layout or not. */
export type Take = { readonly shards: ReadonlySet<number> | 'all'; readonly others: boolean }

const howToTake = 'must be all, or shards such as 0,2 and, for the queues of other layouts, the word other: 0,2,other'

/** Reads `all`, or numbers of shards and `other`, separated by commas. */
export const TakeShards = z.string().transform((text, context): Take => {
  if (text === 'all') return { shards: 'all', others: true }
  const words = text.split(',').map((word) => word.trim())
  if (words.every((word) => /^(\d{1,4}|other)$/.test(word)))
    return { shards: new Set(words.filter((word) => word !== 'other').map(Number)), others: words.includes('other') }
  context.addIssue(howToTake)
  return z.NEVER
})

/**
 * The names of a network's queues, by shard. The only queue on a single Redis is called as it always was; any other has a hash
 * tag, so that all of its keys lie on one node of a Redis Cluster.
 */
export function queueNames(
  network: string,
  shards: number,
  { isCluster }: Pick<Redis, 'isCluster'>,
): readonly string[] {
  if (shards === 1 && !isCluster) return [undividedQueue(network)]
  return Array.from({ length: shards }, (_, shard) => `{${network}-${shard}}`)
}

/** The queue that a network has before its deliveries are divided, and had in earlier releases. */
export function undividedQueue(network: string): string {
  return network
}

/** The shard of a sender, the same in every process and release. */
export function shardOf({ account, sender }: Pick<Delivery, 'account' | 'sender'>, shards: number): number {
  return shards === 1 ? 0 : crc32(JSON.stringify([account, sender])) % shards
}
