import { beforeEach, expect, test } from '@jest/globals'
import { type Delivery, deferred, type Receipt, refused } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'

import { aDelivery } from './a-delivery.ts'
import { openQueue } from './connection.ts'
import type { DeliveryQueues } from './delivery-queues.ts'
import { FailedDeliveries } from './failed-deliveries.ts'
import { toJob } from './job.ts'
import { ParkedCounts } from './parked-counts.ts'
import { QueueRecord } from './queue-record.ts'
import { sent } from './testing.ts'
import { parkedHold } from './use-keepers.ts'
import { useLayouts } from './use-layouts.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])
const { produce, take, held } = useLayouts(given)

beforeEach(() => given.redis().flushdb())

const names = async () => new QueueRecord('line', given.redis()).names()

/** A delivery of one of many senders. */
const many = (number: number, from: string): Delivery[] =>
  Array.from({ length: number }, (_, sender) => aDelivery({ sender: `${from}${sender}` }))

async function statusOf(queues: DeliveryQueues, { id }: Delivery) {
  return (await queues.find('shop', id))?.events.at(-1)?.event
}

async function addAll(queues: DeliveryQueues, deliveries: readonly Delivery[]): Promise<void> {
  await Promise.all(deliveries.map((delivery) => queues.add(delivery)))
}

test('the number of shards is changed on a running system: what waits, is put off, parked or has failed is delivered once', async () => {
  const attempts: string[] = []
  let isMended = false
  // By its sender's name a delivery fails, is put off, or parks its sender until all is mended.
  const answer = async ({ id, sender }: Delivery): Promise<Receipt> => {
    attempts.push(id)
    if (isMended) return sent
    if (sender.includes('failed')) return refused('recipient', 'LINE answered 400')
    if (sender.includes('delayed')) return deferred('unavailable', 'LINE answered 503')
    return sender.includes('parked') ? refused('credentials', 'LINE answered 401') : sent
  }
  const kinds = ['sent', 'failed', 'delayed', 'parked'] as const
  const of = (shards: number) => kinds.flatMap((kind) => many(8, `${kind}-${shards}-`))
  const added: Delivery[] = []
  const everybody: DeliveryQueues[] = []
  const arrived = async (deliveries: readonly Delivery[]) => {
    const events = await Promise.all(deliveries.map((delivery) => statusOf(given.queues(), delivery)))
    return events.every((event) => event !== undefined && event !== 'queued')
  }

  take(1, answer, { retireEveryMs: 50, unusedMs: 300 })
  for (const shards of [1, 3, 2]) {
    const queues = produce(shards)
    everybody.push(queues)
    const deliveries = of(shards)
    await addAll(queues, deliveries)
    added.push(...deliveries)
    const settling = deliveries.filter(({ sender }) => !sender.includes('delayed'))
    await untilTrue(() => arrived(settling))
    // Every ingress, of whatever layout, knows what became of all of them.
    for (const one of everybody) for (const delivery of added) expect(await statusOf(one, delivery)).toBeDefined()
  }
  const parked = await new ParkedCounts('line', given.redis()).all()
  expect(parked).toEqual({ senders: 24, deliveries: 24 })

  isMended = true
  for (const sender of Object.keys(held)) delete held[sender]
  const failed = new FailedDeliveries(['line'], given.redis())
  given.afterTest(() => failed.close())
  expect(await failed.redrive({})).toMatchObject({ redriven: 24 })
  const events = async () => Promise.all(added.map((delivery) => statusOf(given.queues(), delivery)))
  await untilTrue(async () => (await events()).every((event) => event === 'sent'))
  const times = new Map(added.map(({ id }) => [id, attempts.filter((attempt) => attempt === id).length]))
  for (const { id, sender } of added)
    if (sender.includes('sent')) expect(times.get(id)).toBe(1)
    else if (sender.includes('failed')) expect(times.get(id)).toBe(2)
})

test('a queue of another layout is taken as soon as it is on record, and left when it is dropped', async () => {
  const attempts: string[] = []
  const answer = async ({ id }: Delivery) => {
    attempts.push(id)
    return sent
  }
  const keepsNone = { RETAIN_SENT_HOURS: 0, RETAIN_SENT_COUNT: 1, RETAIN_FAILED_HOURS: 0, RETAIN_FAILED_COUNT: 1 }
  const taken = take(2, answer, { retention: keepsNone, unusedMs: 100 })
  const former = produce(1)
  const deliveries = many(20, 'sender-')
  await addAll(former, deliveries)
  expect(await names()).toContain('line')
  await untilTrue(() => attempts.length === deliveries.length)
  expect(taken.works()).toHaveLength(3)
  await former.close()

  await untilTrue(async () => taken.works().length === 2)
  expect(await names()).not.toContain('line')
  expect(await given.redis().keys('ott:line:*')).toEqual([])
  // Whoever comes back to that layout finds it as it was.
  const again = aDelivery()
  await produce(1).add(again)
  await untilTrue(() => attempts.includes(again.id))
})

test('what an earlier release queued, which kept no record, is found, redriven and delivered under any layout', async () => {
  const left = aDelivery()
  await openQueue('line', given.redis()).add('deliver', toJob(left), { jobId: left.id, priority: 1 })
  await given.redis().set(`ott:key:shop:${left.key}`, left.id)
  await given.redis().del('ott:queues:line')
  expect((await produce(4).find('shop', left.id))?.delivery).toEqual(left)
  let isMended = false
  take(4, async () => (isMended ? sent : refused('recipient', 'LINE answered 400')))
  const event = async () => (await produce(4).find('shop', left.key))?.events.at(-1)?.event
  await untilTrue(async () => (await event()) === 'failed')
  isMended = true
  const failed = new FailedDeliveries(['line'], given.redis())
  given.afterTest(() => failed.close())
  expect(await failed.redrive({})).toMatchObject({ redriven: 1 })
  await untilTrue(async () => (await event()) === 'sent')
})

test('a sender’s parked deliveries are counted over all queues, the sender once', async () => {
  held['1650000000'] = { ...parkedHold, until: Date.now() + 3_600_000 }
  take(2, async () => sent)
  await produce(1).add(aDelivery())
  await produce(2).add(aDelivery())
  await produce(2).add(aDelivery({ sender: 'free' }))
  const counts = new ParkedCounts('line', given.redis())
  await untilTrue(async () => (await counts.ofSender('shop', '1650000000')) === 2)
  expect(await counts.all()).toEqual({ senders: 1, deliveries: 2 })
  expect(await counts.bySender()).toEqual([{ account: 'shop', sender: '1650000000', waiting: 2 }])
  delete held['1650000000']
  await untilTrue(async () => (await counts.all()).deliveries === 0)
})

test('a repeat that names the queue of the first try is the same delivery, under any layout', async () => {
  const attempts: string[] = []
  const [before, after] = [produce(1), produce(3)]
  const delivery = aDelivery()
  const queue = before.queueOf(delivery)
  await before.add(delivery, undefined, queue)
  await after.add(delivery, undefined, queue)
  const other = aDelivery()
  await after.add(other)
  take(3, async ({ id }) => {
    attempts.push(id)
    return sent
  })
  await untilTrue(async () => (await after.find('shop', delivery.id))?.events.at(-1)?.event === 'sent')
  await untilTrue(async () => (await after.find('shop', other.id))?.events.at(-1)?.event === 'sent')
  expect(attempts.toSorted()).toEqual([delivery.id, other.id].toSorted())
})

test('a redrive that is cut short goes on in the next queue when the one where it stopped is gone', async () => {
  take(2, async () => refused('recipient', 'LINE answered 400'))
  await addAll(produce(1), many(3, 'former-'))
  await addAll(produce(2), many(20, 'sender-'))
  const failed = new FailedDeliveries(['line'], given.redis())
  given.afterTest(() => failed.close())
  await untilTrue(async () => (await failed.size({})) === 23)
  const { redriven, next } = await failed.count({}, { limit: 2 })
  expect({ redriven, queue: next?.queue }).toEqual({ redriven: 2, queue: 'line' })
  expect(await failed.count({}, { after: next })).toMatchObject({ redriven: 21, next: undefined })
  await given.redis().del('ott:line:failed', 'ott:line:id')
  await given.redis().zrem('ott:queues:line', 'line')
  expect(await failed.count({}, { after: next })).toMatchObject({ redriven: 20, next: undefined })
})
