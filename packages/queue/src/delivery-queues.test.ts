import { randomUUID } from 'node:crypto'

import { beforeAll, expect, test } from '@jest/globals'
import { useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { aDelivery } from './a-delivery.ts'
import { DeliveryQueues } from './delivery-queues.ts'
import { MessageKeys } from './message-keys.ts'
import { RetentionEnvironment } from './retention.ts'

const server = useRedis()
const logger = createLogger('test', 'silent')
const retention = RetentionEnvironment.parse({})

let redis: Redis
let queues: DeliveryQueues

beforeAll(async () => {
  redis = await openRedis(server.url, 'failing', logger)
  server.onStop(() => closeRedis(redis))
  queues = new DeliveryQueues(['line', 'messenger'], redis, retention)
  server.onStop(() => queues.close())
})

test('a queued delivery is found by its id and by the client’s key, as it was queued', async () => {
  const delivery = aDelivery({ key: 'Bestellung 12/Äpfel:1', createdAt: 1_700_000_000_000 })
  await queues.add(delivery)
  const history = await queues.find('shop', delivery.id)
  expect(history?.delivery).toEqual(delivery)
  expect(history?.events.map(({ event }) => event)).toEqual(['created', 'queued'])
  expect(history?.events[0]?.at).toBe(1_700_000_000_000)
  expect(await queues.find('shop', 'Bestellung 12/Äpfel:1')).toEqual(history)
})

test('an id is found in whatever case it is written', async () => {
  const delivery = aDelivery()
  await queues.add(delivery)
  expect((await queues.find('shop', delivery.id.toUpperCase()))?.delivery.id).toBe(delivery.id)
})

test('a key that was used twice finds the newest delivery, whatever its network', async () => {
  const newer = aDelivery({ key: 'again', network: 'messenger' })
  await queues.add(aDelivery({ key: 'again' }))
  await queues.add(newer)
  expect((await queues.find('shop', 'again'))?.delivery).toEqual(newer)
})

test('a key that looks like an id finds its delivery all the same', async () => {
  const delivery = aDelivery({ key: randomUUID() })
  await queues.add(delivery)
  expect((await queues.find('shop', delivery.key))?.delivery.id).toBe(delivery.id)
})

test('what was never queued is not found', async () => {
  expect(await queues.find('shop', randomUUID())).toBeUndefined()
  expect(await queues.find('shop', 'constructor')).toBeUndefined()
})

test('a key is forgotten a day after the delivery it finds, which is longer if that takes long or fails', async () => {
  const daySeconds = 24 * 60 * 60
  const delivery = aDelivery({ key: 'kept' })
  await queues.add(delivery)
  expect(await redis.ttl('ott:key:shop:kept')).toBeGreaterThan(2 * daySeconds - 60)
  expect(await redis.ttl('ott:key:shop:kept')).toBeLessThanOrEqual(2 * daySeconds)
  await new MessageKeys(redis, retention).prolong(delivery)
  expect(await redis.ttl('ott:key:shop:kept')).toBeGreaterThan(8 * daySeconds - 60)
  expect(await redis.ttl('ott:key:shop:kept')).toBeLessThanOrEqual(8 * daySeconds)
})

test('a key is forgotten as early as is wanted, and never before a failed delivery that it finds', async () => {
  const delivery = aDelivery({ key: 'brief' })
  const keys = new MessageKeys(redis, { ...retention, RETAIN_KEY_HOURS: 2 })
  await keys.set(delivery)
  expect(await redis.ttl('ott:key:shop:brief')).toBeLessThanOrEqual(2 * 60 * 60)
  await keys.prolong(delivery)
  expect(await redis.ttl('ott:key:shop:brief')).toBeGreaterThan(7 * 24 * 60 * 60)
})

test('a delivery for a network that there is no queue for is refused', async () => {
  await expect(queues.add(aDelivery({ network: 'pigeon' }))).rejects.toThrow('there is no queue for the network pigeon')
})

test('with Redis away a delivery is refused at once, not held', async () => {
  const lost = await openRedis(server.url, 'failing', logger)
  const producer = new DeliveryQueues(['line'], lost, retention)
  await producer.add(aDelivery())
  lost.disconnect()
  await expect(producer.add(aDelivery())).rejects.toThrow()
  await producer.close()
})
