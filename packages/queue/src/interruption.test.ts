import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { closeRedis, openRedis } from '@ott/runtime'

import { aDelivery } from './a-delivery.ts'
import { prefix } from './connection.ts'
import { type Attempt, CannotAttempt } from './attempt.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { logger, sent, usual } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])

/** A worker on a connection of its own, so that it can lose Redis alone; quick to give up its deliveries, and to look for others'. */
async function quickWorker(attempt: Attempt) {
  const own = await openRedis(given.server.url, 'waiting', logger)
  const worker = startDeliveryWorker('line', attempt, { ...usual, redis: own, lockMs: 400 })
  given.afterTest(async () => {
    await worker.close()
    await closeRedis(own)
  })
  return own
}

test('a delivery whose worker dies again and again is delivered by the one that lives', async () => {
  const delivery = aDelivery()
  await given.queues().add(delivery)
  for (let deaths = 0; deaths < 3; deaths += 1) {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const own = await quickWorker(() => {
      begin()
      return new Promise(() => undefined)
    })
    await begun
    own.disconnect()
  }
  await quickWorker(async () => sent)
  await untilTrue(async () => (await given.lastEvent(delivery.id))?.event === 'sent')
})

test('a delivery that its workers died of too often is given up, and takes no place of the one that finds it', async () => {
  const [deadly, next] = [aDelivery(), aDelivery()]
  await given.queues().add(deadly)
  // As BullMQ leaves one that has stalled as often as it may.
  await given.redis().hset(`${prefix}:line:${deadly.id}`, { ats: 21, defa: 'job stalled more than allowable limit' })
  const worker = startDeliveryWorker('line', async () => sent, { ...usual, redis: given.redis() })
  given.afterTest(() => worker.close())
  await untilTrue(async () => (await given.lastEvent(deadly.id))?.event === 'failed')
  await given.queues().add(next)
  await untilTrue(async () => (await given.lastEvent(next.id))?.event === 'sent')
  expect(worker.progress()).toMatchObject({ oldestBegunAt: undefined, hasRoom: true })
})

test('what a network took while the worker’s lock ran out is recorded, and not sent a second time', async () => {
  const delivery = aDelivery()
  let attempts = 0
  await quickWorker(async ({ id }) => {
    attempts += 1
    await given.redis().del(`${prefix}:line:${id}:lock`) // As after an outage of Redis longer than the lock lasts.
    return sent
  })
  await given.queues().add(delivery)
  await untilTrue(async () => (await given.lastEvent(delivery.id))?.event === 'sent')
  expect(attempts).toBe(1)
})

test('a delivery that a worker is in no state to attempt waits untouched, for another worker to deliver', async () => {
  const delivery = aDelivery()
  const options = { ...usual, redis: given.redis(), handedBackMs: 200 }
  const unfit = startDeliveryWorker('line', () => Promise.reject(new CannotAttempt('the key is missing')), options)
  given.afterTest(() => unfit.close())
  await given.queues().add(delivery)
  await untilTrue(async () => (await unfit.check().catch(String)) === 'Error: the key is missing')
  expect(await given.lastEvent(delivery.id)).toMatchObject({ event: 'queued' })
  const attempts: number[] = []
  const fit: Attempt = async (_delivery, { attempt }) => {
    attempts.push(attempt)
    return sent
  }
  await quickWorker(fit)
  await untilTrue(async () => (await given.lastEvent(delivery.id))?.event === 'sent')
  expect(attempts).toEqual([1])
})
