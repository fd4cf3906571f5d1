import { randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, test } from '@jest/globals'
import { type Delivery, refused } from '@ott/delivery'

import { aDelivery } from './a-delivery.ts'
import { FailedDeliveries, type RedriveBounds } from './failed-deliveries.ts'
import { type RedriveTally, sumOf } from './redrive-tally.ts'
import { sent } from './testing.ts'
import { useFailures } from './use-failures.ts'

const given = useFailures()

const many = (count: number, changes: Partial<Delivery> = {}) => Array.from({ length: count }, () => aDelivery(changes))
const idsOf = (deliveries: readonly Delivery[]) => deliveries.map(({ id }) => id).toSorted()

/** Lets all that waits be sent, and returns the ids that were attempted. */
async function sendAll(): Promise<string[]> {
  const queue = given.lineQueue()
  const attempted = await given.work(
    sent,
    async () => (await queue.getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed')) === 0,
  )
  return attempted.toSorted()
}

/** Adds so many to the failed ones that are like this one. */
async function copyFailed(id: string, count: number): Promise<void> {
  const redis = given.redis()
  for (let copied = 0; copied < count; copied += 1000) {
    const ids = Array.from({ length: Math.min(1000, count - copied) }, () => randomUUID())
    await Promise.all(ids.map((copy) => redis.copy(`ott:line:${id}`, `ott:line:${copy}`)))
    await redis.zadd('ott:line:failed', ...ids.flatMap((copy) => [Date.now(), copy]))
  }
}

/** Calls again and again from where the call before ended. */
async function throughout(call: (bounds: RedriveBounds) => Promise<RedriveTally>, bounds: RedriveBounds) {
  const tallies: RedriveTally[] = []
  do tallies.push(await call({ ...bounds, after: tallies.at(-1)?.next }))
  while (tallies.at(-1)?.next !== undefined)
  return { calls: tallies.length, sum: sumOf(tallies) }
}

test('a redriven delivery keeps its id and what is known of its earlier attempts, and is delivered', async () => {
  const delivery = aDelivery()
  await given.fail([delivery], refused('sender', 'LINE answered 401'))
  const before = await given.lineQueue().getJob(delivery.id)
  const startedAt = Date.now()
  expect(await given.failed().redrive({})).toMatchObject({ redriven: 1, byReason: { sender: 1 } })
  const after = await given.lineQueue().getJob(delivery.id)
  expect(after?.stacktrace?.slice(0, -1)).toEqual(before?.stacktrace)
  const entry: unknown = JSON.parse(after?.stacktrace?.at(-1) ?? '')
  expect(entry).toEqual({ outcome: 'redriven', at: expect.any(Number) })
  expect(Reflect.get(Object(entry), 'at')).toBeGreaterThanOrEqual(startedAt)
  expect(after).toMatchObject({ data: before?.data, timestamp: before?.timestamp, attemptsMade: 0 })
  expect(await sendAll()).toEqual([delivery.id])
  expect(await given.lastEvent(delivery.id)).toMatchObject({ event: 'sent' })
})

test('a count changes nothing', async () => {
  await given.fail(many(30))
  const [first] = await given.lineQueue().getFailed(0, 0)
  expect(await given.failed().count({})).toMatchObject({ redriven: 30, looked: 30 })
  expect(await given.lineQueue().getFailedCount()).toBe(30)
  expect((await given.lineQueue().getJob(first?.id ?? ''))?.asJSON()).toEqual(first?.asJSON())
})

test('what was accepted is never sent again', async () => {
  const accepted = many(5)
  for (const delivery of accepted) await given.queues().add(delivery)
  await sendAll()
  const refusedOnes = many(5)
  await given.fail(refusedOnes)
  expect(await given.failed().redrive({})).toMatchObject({ redriven: 5 })
  expect(await sendAll()).toEqual(idsOf(refusedOnes))
})

test('two redrives at once redrive each delivery once', async () => {
  const deliveries = many(500)
  await given.fail(deliveries)
  const other = new FailedDeliveries(['line', 'messenger'], given.redis())
  given.afterTest(() => other.close())
  const both = await Promise.all([given.failed().redrive({}), other.redrive({})])
  expect(sumOf(both)).toMatchObject({ redriven: 500, byReason: { recipient: 500 } })
  const job = await given.lineQueue().getJob(deliveries[0]?.id ?? '')
  expect(job?.stacktrace?.filter((entry) => entry.includes('redriven'))).toHaveLength(1)
  expect(await sendAll()).toEqual(idsOf(deliveries))
})

test('a redrive that was cut off after it was noted is noted once when it is made again', async () => {
  const delivery = aDelivery()
  await given.fail([delivery])
  const job = await given.lineQueue().getJob(delivery.id)
  const entries = [...(job?.stacktrace ?? []), '{"outcome":"redriven","at":1}']
  await given.redis().hset(`ott:line:${delivery.id}`, 'stacktrace', JSON.stringify(entries))
  await given.failed().redrive({})
  const redriven = await given.lineQueue().getJob(delivery.id)
  expect(redriven?.stacktrace).toHaveLength(entries.length)
  expect(redriven?.stacktrace?.at(-1)).not.toContain('"at":1}')
})

test('a delivery that failed since its workers died again and again may survive as many deaths anew', async () => {
  const delivery = aDelivery()
  await given.fail([delivery])
  await given.redis().hset(`ott:line:${delivery.id}`, 'stc', 21)
  await given.failed().redrive({})
  expect(await given.redis().hget(`ott:line:${delivery.id}`, 'stc')).toBeNull()
})

test('a redrive in steps takes each delivery once, on every network, and ends', async () => {
  const [onLine, onMessenger] = [many(45), many(30, { network: 'messenger' })]
  await given.fail(onLine)
  await given.fail(onMessenger)
  const { calls, sum } = await throughout((bounds) => given.failed().redrive({}, bounds), { limit: 7 })
  expect(sum).toMatchObject({ redriven: 75, looked: 75, next: undefined })
  expect(calls).toBeGreaterThanOrEqual(11)
  expect(await given.failed().count({})).toMatchObject({ redriven: 0, looked: 0 })
})

test('what fails again while a redrive goes on is left for the next one', async () => {
  await given.fail(many(10))
  const { next: after, ...first } = await given.failed().redrive({}, { limit: 5 })
  const queue = given.lineQueue()
  await given.work(refused('content', 'still not'), async () => (await queue.getFailedCount()) === 10)
  const second = await given.failed().redrive({}, { after })
  expect([first.redriven, second.redriven]).toEqual([5, 5])
  expect(await given.failed().count({})).toMatchObject({ byReason: { content: 5 } })
})

test('more deliveries than a page holds may have failed in one millisecond', async () => {
  const deliveries = many(450)
  await given.fail(deliveries)
  await given.redis().zadd('ott:line:failed', ...deliveries.flatMap(({ id }) => [1_700_000_000_000, id]))
  expect(await given.failed().count({})).toMatchObject({ redriven: 450, looked: 450 })
  const { sum } = await throughout((bounds) => given.failed().count({}, bounds), { limit: 100 })
  expect(sum).toMatchObject({ redriven: 450, looked: 450 })
})

test('a call ends after its time, and the next one goes on from there', async () => {
  await given.fail(many(450))
  const { calls, sum } = await throughout((bounds) => given.failed().count({}, bounds), { forMs: 0 })
  expect(calls).toBe(4)
  expect(sum.redriven).toBe(450)
})

test('a delivery that retention removed is passed over', async () => {
  await given.redis().zadd('ott:line:failed', Date.now(), randomUUID())
  expect(await given.failed().redrive({})).toMatchObject({ redriven: 0, skipped: {}, next: undefined })
})

test('eight thousand failed deliveries are gone through without more memory than a few need', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  const heapMb = (): number => {
    collectGarbage()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  const delivery = aDelivery({ contents: [{ type: 'text', text: 'x'.repeat(4000) }] })
  await given.fail([delivery])
  await copyFailed(delivery.id, 7_999)
  const before = heapMb()
  const growths: number[] = []
  const sampling = setInterval(() => growths.push(heapMb() - before), 200)
  const { redriven } = await given
    .failed()
    .redrive({})
    .finally(() => clearInterval(sampling))
  expect(redriven).toBe(8_000)
  expect(growths.length).toBeGreaterThan(2)
  expect(Math.max(...growths)).toBeLessThan(20)
  expect(await given.lineQueue().getFailedCount()).toBe(0)
})

test('redriven deliveries come after everybody else’s', async () => {
  const refusedOnes = many(3)
  await given.fail(refusedOnes)
  await given.failed().redrive({})
  const usual = aDelivery()
  await given.queues().add(usual)
  expect(await given.lineQueue().getPrioritizedCount()).toBe(4)
  const [first] = await given.lineQueue().getPrioritized()
  expect(first?.id).toBe(usual.id)
  expect(await sendAll()).toEqual(idsOf([usual, ...refusedOnes]))
})
