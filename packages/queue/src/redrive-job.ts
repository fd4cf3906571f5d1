import type { Redis } from '@ott/runtime'
import type { Job } from 'bullmq'
import { z } from 'zod'

import { append, type Entry, readLog, writeLog } from './attempts-log.ts'
import type { NetworkQueue } from './connection.ts'
import { priorities } from './lane.ts'
import { backField } from './level-script.ts'

/**
 * Notes the redrive in the job, if the job still lies where it failed then, and forgets how often its worker died: BullMQ
 * counts that in `stc` over all of a job's life, and one more death would fail it again at once. Its priority becomes that of
 * the slow lane: a hundred thousand may be redriven, replies among them that nobody waits for any more. One key, so that it
 * runs on a Redis Cluster.
 */
const note = `
if redis.call('HGET', KEYS[1], 'finishedOn') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'stacktrace', ARGV[2], 'priority', ARGV[3], '${backField}', ARGV[4])
redis.call('HDEL', KEYS[1], 'stc')
return 1`

/**
 * Brings a failed delivery to the end of its queue's slow lane, with its id, its history, and its attempts counted anew. Resolves with
 * false when it is no longer there, or no longer failed: of two redrives at once, one has it.
 */
export async function redriveJob(queue: NetworkQueue, redis: Redis, job: Job, at: number): Promise<boolean> {
  const log = JSON.stringify(writeLog(withRedrive(readLog(job), at)))
  const noted = await redis.eval(note, 1, queue.toKey(job.id ?? ''), String(job.finishedOn), log, priorities.slow, at)
  if (noted !== 1) return false
  try {
    await job.retry('failed', { resetAttemptsMade: true })
    return true
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

/** A redrive that was noted and then cut off, or that another is just making, is noted once. */
function withRedrive(log: readonly Entry[], at: number): readonly Entry[] {
  const earlier = log.at(-1)?.outcome === 'redriven' ? log.slice(0, -1) : log
  return append(earlier, { outcome: 'redriven', at })
}

/** What BullMQ's script answers when there is no such job, or it is not among the failed: bullmq's ErrorCode. */
const Gone = z.object({ code: z.literal([-1, -3]) })

function isGone(error: unknown): boolean {
  return Gone.safeParse(error).success
}
