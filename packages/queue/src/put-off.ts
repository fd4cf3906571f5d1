import type { Redis } from '@ott/runtime'
import { DelayedError, type Job } from 'bullmq'

import { type HeldJob, NoLongerHeld } from './record.ts'

/**
 * Only while the lock is the caller's, like all that is written of a job. The number itself, and not one less: when its connection
 * breaks ioredis says it again, and the pick-up of a worker that is lost later would not be missed.
 */
const forgetPickUp = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'ats', ARGV[2])
return 1`

/**
 * Lets a delivery wait as if it had not been picked up: it is no attempt, it is not in the log, and nobody takes it later for one
 * that a lost worker had. It leaves nothing behind, however many a flood has. Rejects with what tells BullMQ to leave the job.
 */
export async function putOff(redis: Redis, job: Job, { key, token }: HeldJob, waitMs: number): Promise<never> {
  // Should it not be put off, what is written of it has the same number.
  job.attemptsStarted -= 1
  // Sent together, and carried out in this order: the second one gives the lock up.
  const forgotten = redis.eval(forgetPickUp, 2, key, `${key}:lock`, token, job.attemptsStarted)
  const moved = job.moveToDelayed(Date.now() + Math.max(0, Math.round(waitMs)), token)
  const [held] = await Promise.all([forgotten, moved])
  if (held !== 1) throw new NoLongerHeld('another worker has taken this delivery over')
  throw new DelayedError()
}
