import type { Redis } from '@ott/runtime'
import type { Job } from 'bullmq'
import { z } from 'zod'

import type { NetworkQueue } from './connection.ts'
import { timedIdsAfter } from './timed-ids.ts'

/**
 * How far a walk over failed deliveries has come: the last one that it looked at, and `until` when one must have failed to be
 * looked at. Times are milliseconds since 1970.
 */
export const FailedPosition = z.object({
  network: z.string(),
  queue: z.string(),
  failedOn: z.number(),
  id: z.string(),
  until: z.number(),
})
export type FailedPosition = Readonly<z.infer<typeof FailedPosition>>

/** A failed delivery where BullMQ keeps it: by when it failed, and among those of one moment by id. */
type Place = { readonly failedOn: number; readonly id: string }

/** A failed delivery, with its job as far as it is still there. */
export type FailedJob = Place & { readonly job: Job | undefined }

type Range = {
  /** Both included. */
  readonly from: number
  readonly to: number
  /** Where the walk goes on, this one left out. */
  readonly after?: Place | undefined
  readonly pageSize: number
}

/**
 * A queue's failed deliveries, those that failed first at first. Never more than one page of them is in memory, and what is
 * redriven, or fails anew, meanwhile makes no other be left out.
 */
export async function* failedPages(queue: NetworkQueue, redis: Redis, range: Range): AsyncGenerator<FailedJob[]> {
  const key = queue.toKey('failed')
  let after = range.after && { at: range.after.failedOn, id: range.after.id }
  for (;;) {
    const places = await timedIdsAfter(redis, key, { ...range, after })
    after = places.at(-1)
    if (after === undefined) return
    yield await Promise.all(places.map(async ({ at, id }) => ({ failedOn: at, id, job: await queue.getJob(id) })))
  }
}

/** How many failed deliveries of a queue a walk over this time comes by. */
export async function failedBetween(queue: NetworkQueue, redis: Redis, from: number, to: number): Promise<number> {
  return redis.zcount(queue.toKey('failed'), from, to)
}
