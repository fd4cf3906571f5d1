import { randomUUID } from 'node:crypto'

import { expect, test } from '@jest/globals'
import { deferred, type Delivery, type Receipt, refused } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'
import { Queue } from 'bullmq'

import { aDelivery } from './a-delivery.ts'
import { openQueue, prefix } from './connection.ts'
import type { AttemptContext } from './attempt.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { sent, usual } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line', 'messenger'])

/** Queues a delivery and answers the attempts at it, which are returned, with these receipts in turn; the last one stays. */
async function settled(delivery: Delivery, receipts: Receipt[]): Promise<number[]> {
  const attempts: number[] = []
  const worker = startDeliveryWorker(
    delivery.network,
    async ({ id }, { attempt }) => {
      if (id !== delivery.id) return sent
      attempts.push(attempt)
      return (receipts.length > 1 ? receipts.shift() : receipts[0]) ?? sent
    },
    { ...usual, redis: given.redis(), concurrency: 5 },
  )
  given.afterTest(() => worker.close())
  await given.queues().add(delivery)
  await untilTrue(async () => ['sent', 'failed'].includes((await given.lastEvent(delivery.id))?.event ?? ''))
  return attempts
}

test('an accepted delivery has its receipt in its history', async () => {
  const delivery = aDelivery()
  expect(await settled(delivery, [sent])).toEqual([1])
  expect(await given.lastEvent(delivery.id)).toMatchObject({ event: 'sent', receipt: sent })
})

test('the same delivery queued twice is delivered once', async () => {
  const delivery = aDelivery()
  await given.queues().add(delivery)
  expect(await settled(delivery, [sent])).toEqual([1])
})

test('a worker with room for all that waits takes it by one script, and begins with all of it', async () => {
  const deliveries = Array.from({ length: 40 }, () => aDelivery())
  for (const delivery of deliveries) await given.queues().add(delivery)
  const { promise: over, resolve: end } = Promise.withResolvers<Receipt>()
  let begun = 0
  const attempt = () => {
    begun += 1
    return over
  }
  const before = await given.scriptsRun()
  const worker = startDeliveryWorker('line', attempt, { ...usual, redis: given.redis(), concurrency: 100 })
  given.afterTest(() => worker.close())
  await untilTrue(() => begun === deliveries.length)
  const scripts = (await given.scriptsRun()) - before
  end(sent)
  // That which looks for lost deliveries is one of them.
  expect(scripts).toBeLessThanOrEqual(3)
})

test('a refused delivery is not tried again, and its history says why', async () => {
  const delivery = aDelivery()
  expect(await settled(delivery, [refused('recipient', 'LINE answered 400: Failed to send messages')])).toEqual([1])
  expect(await given.lastEvent(delivery.id)).toMatchObject({
    event: 'failed',
    reason: 'recipient',
    message: 'LINE answered 400: Failed to send messages',
    attempts: 1,
  })
})

test('a deferred delivery is tried again, and succeeds', async () => {
  const delivery = aDelivery()
  expect(await settled(delivery, [deferred('unavailable', 'LINE answered 503', { retryAfterMs: 1 }), sent])).toEqual([
    1, 2,
  ])
  expect((await given.queues().find('shop', delivery.id))?.events.map(({ event }) => event)).toEqual([
    'created',
    'queued',
    'sent',
  ])
})

test('while a delivery waits for its next attempt, its history says when that comes', async () => {
  const [delivery, startedAt] = [aDelivery(), Date.now()]
  const later = deferred('unavailable', 'LINE answered 503', { retryAfterMs: 60_000 })
  const worker = startDeliveryWorker('line', async () => later, { ...usual, redis: given.redis() })
  given.afterTest(() => worker.close())
  await given.queues().add(delivery)
  await untilTrue(async () => (await given.history(delivery.id))?.attempts.length === 1)
  const { nextAttemptAt = NaN } = (await given.history(delivery.id)) ?? {}
  expect(nextAttemptAt - startedAt).toBeGreaterThanOrEqual(60_000)
  expect(nextAttemptAt - Date.now()).toBeLessThanOrEqual(72_000)
})

test('a delivery that is deferred each time fails when its schedule has no further attempt', async () => {
  const delivery = aDelivery()
  const unavailable = deferred('unavailable', 'LINE answered 500', { retryAfterMs: 1 })
  expect(await settled(delivery, [unavailable])).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(await given.lastEvent(delivery.id)).toMatchObject({ event: 'failed', reason: 'unavailable', attempts: 8 })
})

test('a job of a form that is not known fails for good and says so', async () => {
  // As nothing of ours would write it, straight to BullMQ.
  const queue = new Queue('line', { connection: given.redis(), prefix })
  given.afterTest(() => queue.close())
  const id = randomUUID()
  await queue.add('deliver', { letter: 'hello' }, { jobId: id })
  await settled(aDelivery(), [sent])
  await untilTrue(async () => (await queue.getJobState(id)) === 'failed')
  const job = await queue.getJob(id)
  expect(job?.failedReason).toMatch(/^unreadable: the job's data is not of a form this version reads/)
  expect(job?.attemptsMade).toBe(1)
})

test('finished deliveries are kept up to the number configured', async () => {
  const queue = openQueue('messenger', given.redis())
  given.afterTest(() => queue.close())
  for (let added = 0; added < 5; added += 1) await given.queues().add(aDelivery({ network: 'messenger' }))
  const worker = startDeliveryWorker('messenger', async () => sent, {
    ...usual,
    redis: given.redis(),
    retention: { ...usual.retention, RETAIN_SENT_COUNT: 2 },
  })
  given.afterTest(() => worker.close())
  await untilTrue(async () => (await queue.getJobCountByTypes('waiting', 'prioritized', 'active')) === 0)
  expect(await queue.getCompletedCount()).toBe(2)
})

test('a worker that is stopped finishes what it holds, and takes nothing more', async () => {
  const [held, left] = [aDelivery(), aDelivery()]
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const attempt = async (): Promise<Receipt> => {
    begin()
    await answered
    return sent
  }
  const worker = startDeliveryWorker('line', attempt, {
    ...usual,
    redis: given.redis(),
    stopLimitMs: 10_000,
  })
  await given.queues().add(held)
  await begun
  await given.queues().add(left)
  const closed = worker.close()
  answer()
  await closed
  expect(await given.lastEvent(held.id)).toMatchObject({ event: 'sent' })
  expect(await given.lastEvent(left.id)).toMatchObject({ event: 'queued' })
})

test('what a stopping worker holds beyond its limit is aborted and handed back, no attempt of it used up', async () => {
  const delivery = aDelivery({ network: 'messenger' })
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const attempt = (_delivery: Delivery, { signal }: AttemptContext): Promise<Receipt> => {
    begin()
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve(deferred('no-answer', 'the worker was stopped'))),
    )
  }
  const worker = startDeliveryWorker('messenger', attempt, {
    ...usual,
    redis: given.redis(),
    stopLimitMs: 1,
  })
  await given.queues().add(delivery)
  await begun
  await worker.close()
  expect(await given.lastEvent(delivery.id)).toMatchObject({ event: 'queued' })
  expect(await settled(delivery, [sent])).toEqual([1])
})
