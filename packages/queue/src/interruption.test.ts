import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { accepted, type DeliveryEvent } from '@ott/delivery'
import { untilTrue, useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { aDelivery } from './a-delivery.ts'
import { prefix } from './connection.ts'
import { DeliveryQueues } from './delivery-queues.ts'
import { type Attempt, CannotAttempt, startDeliveryWorker } from './delivery-worker.ts'
import { RetentionEnvironment } from './retention.ts'

const server = useRedis()
const logger = createLogger('test', 'silent')
const retention = RetentionEnvironment.parse({})
const sent = accepted('push', ['461230966842064897'], { requestId: 'r-1' })

let redis: Redis
let queues: DeliveryQueues
const stops: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  redis = await openRedis(server.url, 'waiting', logger)
  server.onStop(() => closeRedis(redis))
  queues = new DeliveryQueues(['line'], redis, retention)
  server.onStop(() => queues.close())
})

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function lastEvent(id: string): Promise<DeliveryEvent | undefined> {
  return (await queues.find('shop', id))?.events.at(-1)
}

/** A worker on a connection of its own, so that it can lose Redis alone; quick to give up its deliveries, and to look for others'. */
async function quickWorker(attempt: Attempt) {
  const own = await openRedis(server.url, 'waiting', logger)
  const options = { redis: own, concurrency: 1, retention, logger, stopLimitMs: 1000, lockMs: 400 }
  const worker = startDeliveryWorker('line', attempt, options)
  stops.push(async () => {
    await worker.close()
    await closeRedis(own)
  })
  return own
}

test('a delivery whose worker dies again and again is delivered by the one that lives', async () => {
  const delivery = aDelivery()
  await queues.add(delivery)
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
  await untilTrue(async () => (await lastEvent(delivery.id))?.event === 'sent')
})

test('what a network took while the worker’s lock ran out is recorded, and not sent a second time', async () => {
  const delivery = aDelivery()
  let attempts = 0
  await quickWorker(async ({ id }) => {
    attempts += 1
    await redis.del(`${prefix}:line:${id}:lock`) // As after an outage of Redis longer than the lock lasts.
    return sent
  })
  await queues.add(delivery)
  await untilTrue(async () => (await lastEvent(delivery.id))?.event === 'sent')
  expect(attempts).toBe(1)
})

test('a delivery that a worker is in no state to attempt goes back untouched, for another worker to deliver', async () => {
  const delivery = aDelivery()
  const options = { redis, concurrency: 1, retention, logger, stopLimitMs: 1000 }
  const unfit = startDeliveryWorker('line', () => Promise.reject(new CannotAttempt('the key is missing')), options)
  stops.push(() => unfit.close())
  await queues.add(delivery)
  await untilTrue(async () => (await unfit.check().catch(String)) === 'Error: the key is missing')
  expect(await lastEvent(delivery.id)).toMatchObject({ event: 'queued' })
  const attempts: number[] = []
  const fit: Attempt = async (_delivery, { attempt }) => {
    attempts.push(attempt)
    return sent
  }
  await quickWorker(fit)
  await untilTrue(async () => (await lastEvent(delivery.id))?.event === 'sent')
  expect(attempts).toEqual([1])
})
