import { beforeEach, expect, test } from '@jest/globals'
import { refused } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'

import { aDelivery } from './a-delivery.ts'
import { AnnouncedQueues } from './announced-queues.ts'
import { openQueue } from './connection.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { ParkedDeliveries } from './parked-deliveries.ts'
import { QueueRecord } from './queue-record.ts'
import { forgetFinished, retireQueue } from './retire-queue.ts'
import { retention, sent, usual } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])

beforeEach(() => given.redis().flushdb())

const name = '{line-7}'

/** A queue that a producer put on record and has not used since. */
async function aFormerQueue() {
  const redis = given.redis()
  const record = new QueueRecord('line', redis)
  const queue = openQueue(name, redis)
  given.afterTest(() => queue.close())
  await record.put([name])
  await untilTrue(async () => (await record.putLongAgo(name, 0)) !== undefined)
  const retire = (unusedMs = 0) => retireQueue(queue, { network: 'line', redis, unusedMs })
  return { redis, record, queue, retire }
}

test('a queue with anything in it stays on record: waiting, put off, in hand, parked, or finished', async () => {
  const { redis, record, queue, retire } = await aFormerQueue()
  const parked = new ParkedDeliveries(name, redis)
  given.afterTest(() => parked.close())
  const job = await queue.add('deliver', { v: 3, delivery: aDelivery({ id: 'kept' }) }, { jobId: 'kept' })
  expect(await retire()).toBe(false)
  await job.remove()
  await parked.add(aDelivery({ id: 'parked' }))
  expect(await retire()).toBe(false)
  await parked.sweep('shop', '1650000000')
  await queue.add('deliver', { v: 3, delivery: aDelivery() }, { delay: 60_000 })
  expect(await retire()).toBe(false)
  expect(await record.names()).toEqual([name])
  await queue.drain(true)
  expect(await retire()).toBe(true)
  expect(await record.names()).toEqual([])
  expect(await redis.keys('ott:*')).toEqual([])
})

test('finished deliveries of a former queue are kept as long as any, and then forgotten', async () => {
  const { redis, record, queue, retire } = await aFormerQueue()
  const worker = startDeliveryWorker(
    name,
    async ({ sender }) => (sender === 'good' ? sent : refused('recipient', 'LINE answered 400')),
    { ...usual, redis },
  )
  given.afterTest(() => worker.close())
  for (const sender of ['good', 'bad']) await queue.add('deliver', { v: 3, delivery: aDelivery({ sender }) })
  await untilTrue(async () => (await queue.getJobCountByTypes('completed', 'failed')) === 2)
  await forgetFinished(queue, retention)
  expect(await retire()).toBe(false)
  await forgetFinished(queue, { ...retention, RETAIN_SENT_HOURS: 0 })
  expect(await queue.getJobCounts('completed', 'failed')).toEqual({ completed: 0, failed: 1 })
  expect(await retire()).toBe(false)
  await forgetFinished(queue, { ...retention, RETAIN_FAILED_HOURS: 0 })
  expect(await retire()).toBe(true)
  expect(await record.names()).toEqual([])
})

test('an empty queue that a producer has put on record lately stays', async () => {
  const { record, retire } = await aFormerQueue()
  expect(await retire(60_000)).toBe(false)
  expect(await record.names()).toEqual([name])
})

test('a queue that is put on record again while it is being dropped stays there', async () => {
  const { record } = await aFormerQueue()
  const mark = (await record.putLongAgo(name, 0)) ?? ''
  await record.put([name])
  await record.drop(name, mark)
  expect(await record.names()).toEqual([name])
})

test('a producer that was frozen puts its queue back on record before it says that a delivery is queued', async () => {
  const { redis, record, retire } = await aFormerQueue()
  const frozen = new AnnouncedQueues('line', [name], redis, { freshMs: -1 })
  given.afterTest(async () => frozen.close())
  await untilTrue(async () => retire())
  await frozen.confirm(name)
  expect(await record.names()).toEqual([name])
})

test('a producer’s queues are back on record soon after Redis lost its data', async () => {
  const { redis, record } = await aFormerQueue()
  const announced = new AnnouncedQueues('line', [name], redis, { everyMs: 20 })
  given.afterTest(async () => announced.close())
  await redis.flushdb()
  await untilTrue(async () => (await record.names()).includes(name))
})

test('a delivery that names a queue of another layout puts that on record, too', async () => {
  const announced = new AnnouncedQueues('line', ['line'], given.redis())
  given.afterTest(async () => announced.close())
  await announced.confirm(name)
  expect(await new QueueRecord('line', given.redis()).names()).toContain(name)
})
