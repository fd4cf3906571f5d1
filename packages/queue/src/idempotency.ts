import { createHash } from 'node:crypto'

import type { Redis } from '@ott/runtime'
import { z } from 'zod'

import { prefix } from './connection.ts'

/** How long a repeat is known as one. */
const usualLifetimeMs = 24 * 60 * 60 * 1000

/**
 * What is kept of a request that was sent with a key. `id` is the delivery's; `fingerprint` tells the request from any other;
 * `queue` is where the delivery goes: a repeat that is taken by a process of another layout must not queue it a second time.
 * Records of earlier releases lack it: the network's only queue is meant.
 *
 * `claimed`: whoever came first has taken the key, and may have died before the delivery was on disk: a repeat must queue it
 * under the same id. `accepted`: it is on disk.
 */
const IdempotencyRecord = z.object({
  id: z.uuid(),
  fingerprint: z.string(),
  queue: z.string().optional(),
  state: z.enum(['claimed', 'accepted']),
})
export type IdempotencyRecord = Readonly<z.infer<typeof IdempotencyRecord>>

/** The requests that clients may repeat, by account and by the client's own key. All of it rejects when Redis is away. */
export type IdempotencyRecords = {
  readonly find: (account: string, key: string) => Promise<IdempotencyRecord | undefined>
  /** Takes the key, unless somebody has it. Resolves with the record of whoever came first. */
  readonly claim: (
    account: string,
    key: string,
    wanted: Pick<IdempotencyRecord, 'id' | 'fingerprint' | 'queue'>,
  ) => Promise<IdempotencyRecord>
  /** Notes that the delivery is on disk. The key is remembered no longer for it. */
  readonly accept: (account: string, key: string, record: IdempotencyRecord) => Promise<void>
}

/** All processes with the same Redis have the same records. */
export function createIdempotencyRecords(redis: Redis, lifetimeMs = usualLifetimeMs): IdempotencyRecords {
  return {
    find: async (account, key) => read(await redis.get(placeOf(account, key))),
    claim: async (account, key, wanted) => {
      const record: IdempotencyRecord = { ...wanted, state: 'claimed' }
      const earlier = await redis.set(placeOf(account, key), JSON.stringify(record), 'PX', lifetimeMs, 'NX', 'GET')
      return read(earlier) ?? record
    },
    accept: async (account, key, record) => {
      const accepted: IdempotencyRecord = { ...record, state: 'accepted' }
      await redis.set(placeOf(account, key), JSON.stringify(accepted), 'KEEPTTL', 'XX')
    },
  }
}

function read(kept: string | null): IdempotencyRecord | undefined {
  return kept === null ? undefined : IdempotencyRecord.parse(JSON.parse(kept))
}

/** The client's key may be anything, and is nobody else's business: Redis gets its hash. */
function placeOf(account: string, key: string): string {
  return `${prefix}:idempotency:${account}:${createHash('sha256').update(key).digest('hex')}`
}
