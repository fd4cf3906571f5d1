import { expect, test } from '@jest/globals'
import { refused } from '@ott/delivery'
import { testWithOwnRedis, useRedisCluster } from '@ott/local/testing'
import { closeRedis, openRedis, type Redis } from '@ott/runtime'
import { Worker } from 'bullmq'

import { aDelivery } from './a-delivery.ts'
import { openQueue, prefix } from './connection.ts'
import { backendFor } from './delivery-backend.ts'
import { type Lane, priorities } from './lane.ts'
import { readQueueLevel } from './queue-level.ts'
import { logger } from './testing.ts'
import { useFailures } from './use-failures.ts'

const given = useFailures()
const cluster = useRedisCluster()
const hourMs = 3_600_000

/** A queue, and a worker's own way into it, without its loop. */
function open(name = 'line', redis: Redis = given.redis()) {
  const queue = openQueue(name, redis)
  const kept = { age: 3600, count: 1000 }
  const backend = backendFor({
    lockDuration: 20_000,
    removeOnComplete: kept,
    inHand: { room: 1, slowRoom: 100, vacated: new Set() },
  })
  const worker = new Worker(name, null, { connection: redis, prefix, autorun: false }, backend)
  given.afterTest(() => queue.close())
  given.afterTest(() => worker.close())

  const add = async (lane: Lane, ...ids: readonly string[]): Promise<void> => {
    const jobs = ids.map((id) => ({ id, data: '{}', priority: priorities[lane] }))
    await Promise.all(jobs.map((job) => queue.getBackend().addDelivery(job)))
  }
  const postedAt = async (id: string, at: number): Promise<void> => {
    await redis.hset(queue.toKey(id), 'timestamp', at)
  }
  const jobOf = async (id: string) => {
    const job = await queue.getJob(id)
    if (job === undefined) throw new Error(`there is no job ${id}`)
    return job
  }
  /** Takes a delivery that is alone in its queue, and lets it wait. */
  const putOff = async (id: string, ms: number): Promise<void> => {
    await worker.getBackend().moveToActive('holder')
    await worker.getBackend().moveToDelayed(id, Date.now(), ms, 'holder')
  }
  return { queue, taker: worker.getBackend(), add, postedAt, jobOf, putOff, level: () => readQueueLevel(queue) }
}

test('of a queue it is told how many deliveries wait in each lane, are put off, in hand, failed and sent', async () => {
  const { taker, add, jobOf, level } = open()
  await add('reply', 'a-sent', 'a-failed', 'put-off', 'in-hand')
  for (const token of ['a', 'b', 'c', 'd']) await taker.moveToActive(token)
  await taker.moveToCompleted(await jobOf('a-sent'), {}, undefined, 'a', false)
  await (await jobOf('a-failed')).moveToFailed(new Error('no'), 'b')
  await taker.moveToDelayed('put-off', Date.now(), hourMs, 'c')
  await add('reply', 'reply-1')
  await add('usual', 'usual-1', 'usual-2')
  await add('slow', 'slow-1', 'slow-2', 'slow-3')
  const waiting = { reply: 1, usual: 2, slow: 3 }
  expect(await level()).toMatchObject({ waiting, delayed: 1, active: 1, failed: 1, completed: 1 })
})

test('of an empty queue nothing is told to be the oldest, nor where all is put off or in hand', async () => {
  const { taker, add, putOff, level } = open()
  expect(await level()).toMatchObject({ waiting: { reply: 0, usual: 0, slow: 0 }, oldestWaitingAt: undefined })
  await add('usual', 'put-off')
  await putOff('put-off', hourMs)
  await add('usual', 'in-hand')
  await taker.moveToActive('b')
  expect(await level()).toMatchObject({ delayed: 1, active: 1, oldestWaitingAt: undefined })
})

test.each(['reply', 'usual', 'slow'] as const)('the oldest waiting delivery is found in the %s lane', async (lane) => {
  const { add, postedAt, level } = open()
  const oldAt = Date.now() - hourMs
  await add(lane, 'oldest')
  await postedAt('oldest', oldAt)
  for (const each of ['reply', 'usual', 'slow'] as const) await add(each, `${each}-1`, `${each}-2`)
  expect((await level()).oldestWaitingAt).toBe(oldAt)
})

test('a delivery that comes back from a wait is as old as it waits since, not as its POST', async () => {
  const { queue, taker, add, postedAt, putOff, jobOf, level } = open()
  const startedAt = Date.now()
  await add('usual', 'retried')
  await postedAt('retried', startedAt - hourMs)
  await putOff('retried', hourMs)
  await (await jobOf('retried')).changeDelay(0)
  await queue.pause() // It comes up, and stays where it is.
  await taker.moveToActive('a')
  const { waiting, oldestWaitingAt } = await level()
  expect(waiting.usual).toBe(1)
  expect(oldestWaitingAt).toBeGreaterThanOrEqual(startedAt)
})

test('with no worker there to bring it back, a delivery that was put off waits since it was due', async () => {
  const { add, putOff, jobOf, level } = open()
  await add('usual', 'retried')
  await putOff('retried', hourMs)
  const dueAt = Date.now()
  await (await jobOf('retried')).changeDelay(0)
  expect(await level()).toMatchObject({ delayed: 1, oldestWaitingAt: expect.any(Number) })
  expect(Math.abs(((await level()).oldestWaitingAt ?? 0) - dueAt)).toBeLessThan(1000)
})

test.each(['reply', 'usual'] as const)(
  'behind released deliveries, that nobody knows since when they wait, the oldest of the others is found: %s',
  async (lane) => {
    const { taker, add, postedAt, jobOf, level } = open()
    const released = Array.from({ length: 10 }, (_, index) => `released-${index}`)
    await add(lane, ...released)
    for (const id of released) await postedAt(id, Date.now() - hourMs)
    for (const id of released) await taker.moveToActive(id)
    for (const id of released) await taker.moveToDelayed(id, Date.now(), hourMs, id)
    for (const id of released) await (await jobOf(id)).promote()
    expect(await level()).toMatchObject({ delayed: 0, oldestWaitingAt: undefined })
    const oldAt = Date.now() - 60_000
    const added = Array.from({ length: 10 }, (_, index) => `added-${index}`)
    await add(lane, ...added)
    for (const id of added) await postedAt(id, oldAt)
    expect((await level()).oldestWaitingAt).toBe(oldAt)
  },
)

test('a redriven delivery waits since it was redriven', async () => {
  const delivery = aDelivery()
  await given.fail([delivery], refused('sender', 'LINE answered 401'))
  const { postedAt, level } = open()
  await postedAt(delivery.id, Date.now() - hourMs)
  const startedAt = Date.now()
  await given.failed().redrive({})
  expect((await level()).oldestWaitingAt).toBeGreaterThanOrEqual(startedAt)
})

testWithOwnRedis('on a Redis Cluster each queue is asked at the node that has it', async () => {
  const redis = await openRedis(cluster().url, 'waiting', logger)
  given.afterTest(() => closeRedis(redis))
  const queues = ['{line-0}', '{line-1}', '{line-2}'].map((name) => open(name, redis))
  for (const { add } of queues) await add('usual', 'a')
  for (const { level } of queues)
    expect(await level()).toMatchObject({ waiting: { usual: 1 }, oldestWaitingAt: expect.any(Number) })
})
