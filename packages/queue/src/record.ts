import type { Redis } from '@ott/runtime'
import type { Job } from 'bullmq'

import { CannotAttempt } from './attempt.ts'
import { readRecorded, type Recorded } from './attempts-log.ts'

/** Writes only while the lock is the caller's: a worker that was frozen may wake up when another has the delivery. */
const setIfHeld = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'progress', ARGV[2])
return 1`

/** Another worker has the delivery by now: nothing more may be done for it here. */
export class NoLongerHeld extends Error {
  override readonly name = 'NoLongerHeld'
}

/** Where BullMQ keeps a job, and who holds it. */
export type HeldJob = { readonly key: string; readonly token: string }

/**
 * Puts on disk what is about to be done, beside what is on record already. Rejects with {@link NoLongerHeld} when the job is
 * another worker's, and with {@link CannotAttempt} when that fails: nothing has been done then, and nothing may be.
 */
export async function putOnRecord(redis: Redis, job: Job, { key, token }: HeldJob, recorded: Recorded): Promise<void> {
  const progress = { ...readRecorded(job), ...recorded }
  const written = await redis
    .eval(setIfHeld, 2, key, `${key}:lock`, token, JSON.stringify(progress))
    .catch((cause: unknown) => {
      throw new CannotAttempt(`Redis does not take a record of what is about to be done (${String(cause)})`, { cause })
    })
  if (written !== 1) throw new NoLongerHeld('another worker has taken this delivery over')
  job.progress = progress
}
