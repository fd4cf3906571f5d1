import type { FailureReason } from '@ott/delivery'
import type { Redis } from '@ott/runtime'

import type { NetworkQueue } from './connection.ts'
import { readFailure } from './failure.ts'

/** So many failures are looked at for their reasons. */
const lookedAtMax = 200

/** Milliseconds since 1970: later than `after`, and not later than `until`. */
export type Span = { readonly after: number; readonly until: number }

/** What became of the deliveries that came to their end in a span of time. A reason that none failed for is not there. */
export type QueueOutcomes = {
  readonly sent: number
  readonly failed: ReadonlyMap<FailureReason, number>
}

/**
 * Counts the deliveries of some queues that ended in a span of time, by the clocks of the workers that ended them, as far as they
 * are still kept. Of more than 200 failures in a queue the last ones are looked at, and stand for the others. Rejects when Redis is
 * away.
 */
export async function readOutcomes(queues: readonly NetworkQueue[], redis: Redis, span: Span): Promise<QueueOutcomes> {
  const outcomes = await Promise.all(queues.map((queue) => outcomesOf(queue, redis, span)))
  const failed = new Map<FailureReason, number>()
  for (const [reason, count] of outcomes.flatMap((ofQueue) => [...ofQueue.failed]))
    failed.set(reason, (failed.get(reason) ?? 0) + count)
  return { sent: outcomes.reduce((sum, ofQueue) => sum + ofQueue.sent, 0), failed }
}

async function outcomesOf(queue: NetworkQueue, redis: Redis, { after, until }: Span): Promise<QueueOutcomes> {
  const failedKey = queue.toKey('failed')
  const [sent, failed, last] = await Promise.all([
    redis.zcount(queue.toKey('completed'), `(${after}`, until),
    redis.zcount(failedKey, `(${after}`, until),
    redis.zrange(failedKey, until, `(${after}`, 'BYSCORE', 'REV', 'LIMIT', 0, lookedAtMax),
  ])
  const texts = await Promise.all(last.map((id) => redis.hget(queue.toKey(id), 'failedReason')))
  // What is redriven, or no longer kept, in this moment has none.
  const reasons = texts.flatMap((text) => (text === null ? [] : [readFailure(text).reason]))
  const share = reasons.length === 0 ? 0 : failed / reasons.length
  const byReason = new Map<FailureReason, number>()
  for (const reason of reasons) byReason.set(reason, (byReason.get(reason) ?? 0) + share)
  return { sent, failed: byReason }
}
