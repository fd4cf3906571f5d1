import type { Redis } from '@ott/runtime'

import { type NetworkQueue, prefix } from './connection.ts'
import { parkingsKey } from './parked-index.ts'
import { QueueRecord } from './queue-record.ts'
import { type Retention, toKeepJobs } from './retention.ts'

/** The sets and lists that a delivery can be in. */
const states = ['wait', 'paused', 'prioritized', 'active', 'delayed', 'waiting-children', 'completed', 'failed']

/** What BullMQ keeps of a queue beside its jobs, and makes anew where it lacks. */
const remains = ['meta', 'id', 'events', 'marker', 'pc', 'limiter', 'stalled', 'stalled-check']

/** All keys are of one queue, which a Redis Cluster keeps together. */
const removeIfEmpty = `
local states = tonumber(ARGV[1])
for index = 1, states do if redis.call('EXISTS', KEYS[index]) == 1 then return 0 end end
for index = states + 1, #KEYS do redis.call('DEL', KEYS[index]) end
return 1`

/** So many are forgotten at once. */
const cleanedTogether = 10_000

/**
 * Forgets the finished deliveries of a queue that are older than they are kept: BullMQ does so only where others finish, which
 * in a queue that nobody adds to any longer none does.
 */
export async function forgetFinished(queue: NetworkQueue, retention: Retention): Promise<void> {
  const { removeOnComplete, removeOnFail } = toKeepJobs(retention)
  await queue.clean(removeOnComplete.age * 1000, cleanedTogether, 'completed')
  await queue.clean(removeOnFail.age * 1000, cleanedTogether, 'failed')
}

/**
 * Drops a queue from the record, if no producer has put it there for `unusedMs` and nothing at all is in it. Resolves with
 * whether it did. A producer that adds to it at this moment puts it back there before it says that the delivery is queued.
 */
export async function retireQueue(
  queue: NetworkQueue,
  { network, redis, unusedMs }: { readonly network: string; readonly redis: Redis; readonly unusedMs: number },
): Promise<boolean> {
  const record = new QueueRecord(network, redis)
  const mark = await record.putLongAgo(queue.name, unusedMs)
  if (mark === undefined) return false
  const held = [...states.map((state) => queue.toKey(state)), `${prefix}:parked:${queue.name}`]
  const keys = [...held, ...remains.map((name) => queue.toKey(name)), parkingsKey(queue.name)]
  if ((await redis.eval(removeIfEmpty, keys.length, ...keys, String(held.length))) !== 1) return false
  await record.drop(queue.name, mark)
  return true
}
