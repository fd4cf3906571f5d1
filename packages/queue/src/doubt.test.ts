import { expect, test } from '@jest/globals'
import { deferred, type Earlier } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis } from '@ott/runtime'

import { aDelivery } from './a-delivery.ts'
import { prefix } from './connection.ts'
import type { Attempt } from './attempt.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { NoLongerHeld } from './record.ts'
import { logger, sent, usual } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])
const lockMs = 400

function work(attempt: Attempt): void {
  const worker = startDeliveryWorker('line', attempt, { ...usual, redis: given.redis(), lockMs })
  given.afterTest(() => worker.close())
}

/** A worker that dies in the middle of its first attempt, after `begin` of it. */
async function dieAfter(begin: Attempt): Promise<void> {
  const own = await openRedis(given.server.url, 'waiting', logger)
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  const worker = startDeliveryWorker(
    'line',
    async (delivery, context) => {
      await begin(delivery, context)
      resolve()
      return new Promise(() => undefined)
    },
    { ...usual, redis: own, lockMs },
  )
  given.afterTest(async () => {
    await worker.close()
    await closeRedis(own)
  })
  await begun
  own.disconnect()
}

/** What a next worker's attempt is told of the earlier ones. */
async function earlierOf(id: string): Promise<Earlier | undefined> {
  const told: Earlier[] = []
  work(async (delivery, { earlier }) => {
    if (delivery.id === id) told.push(earlier)
    return sent
  })
  await untilTrue(async () => (await given.lastEvent(id))?.event === 'sent')
  return told.at(-1)
}

test('a call that was put on record by a worker that then died is known to be in doubt', async () => {
  const delivery = aDelivery()
  await given.queues().add(delivery)
  await dieAfter(async (_delivery, { record }) => {
    await record('reply')
    return sent
  })
  expect(await earlierOf(delivery.id)).toMatchObject({ recorded: 'reply', inDoubt: true })
})

test('a worker that died before it put a call on record leaves no doubt of such a call, but of others', async () => {
  const delivery = aDelivery()
  await given.queues().add(delivery)
  await dieAfter(async () => sent)
  expect(await earlierOf(delivery.id)).toEqual({ inDoubt: false, doubtfulSince: expect.any(Number) })
})

test('a worker that was frozen until another had its delivery puts no call on record, and leaves the delivery alone', async () => {
  const delivery = aDelivery()
  const outcomes: unknown[] = []
  work(async (_delivery, { attempt, record }) => {
    if (outcomes.length > 0) return sent
    await given.redis().set(`${prefix}:line:${delivery.id}:lock`, 'another worker’s', 'PX', 300)
    outcomes.push(attempt)
    await record('reply').catch((error: unknown) => {
      outcomes.push(error)
      throw error
    })
    return sent
  })
  await given.queues().add(delivery)
  await untilTrue(async () => (await given.lastEvent(delivery.id))?.event === 'sent')
  expect(outcomes).toEqual([1, expect.any(NoLongerHeld)])
  expect((await given.history(delivery.id))?.attempts.map(({ outcome }) => outcome)).toEqual([
    'interrupted',
    'accepted',
  ])
})

test('a delivery that was accepted, and whose end Redis refused to take, is in doubt for another worker', async () => {
  const delivery = aDelivery()
  const redis = given.redis()
  const { promise: refused, resolve } = Promise.withResolvers<void>()
  // Whatever it refuses is told, and then it takes again what comes.
  const mending = createLogger('test', 'error', {
    write: () => void redis.config('SET', 'min-replicas-to-write', '0').then(() => resolve()),
  })
  const first = startDeliveryWorker(
    'line',
    async (_delivery, { record }) => {
      await record('send')
      await redis.config('SET', 'min-replicas-to-write', '1')
      return sent
    },
    { ...usual, redis, lockMs, handedBackMs: 300, logger: mending },
  )
  await given.queues().add(delivery)
  await refused
  await first.close()
  expect(await earlierOf(delivery.id)).toMatchObject({ recorded: 'send', inDoubt: true })
})

test('where a call cannot be put on record none is made, and no doubt is left', async () => {
  const delivery = aDelivery()
  const redis = given.redis()
  const worker = startDeliveryWorker(
    'line',
    async (_delivery, { record }) => {
      await redis.config('SET', 'min-replicas-to-write', '1')
      try {
        await record('send')
      } finally {
        await redis.config('SET', 'min-replicas-to-write', '0')
      }
      return sent
    },
    { ...usual, redis, lockMs, handedBackMs: 10_000 },
  )
  await given.queues().add(delivery)
  await untilTrue(async () => (await worker.check().catch(String)).includes('does not take a record'))
  await untilTrue(async () => (await redis.zscore(`${prefix}:line:delayed`, delivery.id)) !== null)
  await worker.close()
  await redis.zadd(`${prefix}:line:delayed`, 1, delivery.id)
  await given.queues().add(aDelivery())
  expect(await earlierOf(delivery.id)).toEqual({ inDoubt: false })
})

test('a lost answer is told to every later attempt, with the time it was lost at', async () => {
  const delivery = aDelivery()
  const told: Earlier[] = []
  const receipts = [
    deferred('no-answer', 'api.line.me gave no answer', { retryAfterMs: 1, inDoubt: true }),
    deferred('unavailable', 'LINE answered 500', { retryAfterMs: 1 }),
  ]
  const before = Date.now()
  work(async (_delivery, { earlier }) => {
    told.push(earlier)
    return receipts.shift() ?? sent
  })
  await given.queues().add(delivery)
  await untilTrue(async () => (await given.lastEvent(delivery.id))?.event === 'sent')
  expect(told.map(({ inDoubt }) => inDoubt)).toEqual([false, true, true])
  expect(told[2]?.doubtfulSince).toBe(told[1]?.doubtfulSince)
  expect(told[2]?.doubtfulSince).toBeGreaterThanOrEqual(before)
})

test('each attempt is in the history, with its time, outcome and reason', async () => {
  const delivery = aDelivery()
  const receipts = [deferred('unavailable', 'LINE answered 503', { retryAfterMs: 1, requestId: 'r-0' })]
  work(async () => receipts.shift() ?? sent)
  await given.queues().add(delivery)
  await untilTrue(async () => (await given.lastEvent(delivery.id))?.event === 'sent')
  expect((await given.history(delivery.id))?.attempts).toEqual([
    {
      outcome: 'deferred',
      at: expect.any(Number),
      reason: 'unavailable',
      message: 'LINE answered 503',
      requestId: 'r-0',
    },
    { outcome: 'accepted', at: expect.any(Number), requestId: 'r-1' },
  ])
})
