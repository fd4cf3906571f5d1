import { expect, test } from '@jest/globals'
import { type Receipt, refused } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'

import { aDelivery } from './a-delivery.ts'
import { type Ended, endedSources, readEnded } from './ended-sources.ts'
import { type EndedTailOptions, startEndedTail } from './ended-tail.ts'
import { logger, sent } from './testing.ts'
import { useFailures } from './use-failures.ts'
import { useParked } from './use-parked.ts'

const given = useFailures()
const parked = useParked(given)

/** Follows what ends, and remembers each as `id event`. */
function follow(changes: Partial<EndedTailOptions> = {}) {
  const told: string[] = []
  const tail = startEndedTail({
    redis: given.redis(),
    logger,
    networks: ['line', 'messenger'],
    wantedSince: async () => 0,
    tell: async (ended) => void told.push(...ended.map(inWords)),
    everyMs: 20,
    lateMs: 100,
    leaseMs: 400,
    ...changes,
  })
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= tail.close())
  given.afterTest(close)
  return { told, tail, close }
}

function inWords({ what, history: { delivery, events } }: Ended): string {
  return `${delivery.id} ${what === 'parking' ? 'parked' : events.at(-1)?.event}`
}

async function end(receipt: Receipt, network = 'line'): Promise<string> {
  const delivery = aDelivery({ network })
  if (receipt.outcome === 'refused') await given.fail([delivery], receipt)
  else {
    await given.queues().add(delivery)
    const isSent = async () => (await given.lastEvent(delivery.id))?.event === 'sent'
    await given.work(receipt, isSent)
  }
  return delivery.id
}

/** Writes into the job's log what a worker does that parks it. */
async function sayParked(id: string): Promise<void> {
  const { redis, queue } = parked.open()
  const log = [JSON.stringify({ outcome: 'held', at: Date.now(), parked: true, reason: 'credentials', message: 'no' })]
  await redis.hset(queue.toKey(id), 'stacktrace', JSON.stringify(log))
}

/** Resolves when a look at what LINE's queue completed has come beyond a time, in milliseconds since 1970. */
async function untilLookedAt(look: 'first' | 'second', at: number): Promise<void> {
  await untilTrue(async () => {
    const cursor = await given.redis().hget('ott:callbacks:cursors', `line:completed:${look}`)
    return cursor !== null && Number(/\d+/.exec(cursor)?.[0]) > at
  })
}

test('each delivery that ends is told once, of whatever network and however it ended', async () => {
  const { told } = follow()
  const ids = [await end(sent), await end(refused('recipient', 'no')), await end(refused('window', 'no'), 'messenger')]
  await untilTrue(() => told.length === 3)
  expect(told.toSorted()).toEqual([`${ids[0]} sent`, `${ids[1]} failed`, `${ids[2]} failed`].toSorted())
})

test('what ended before it was wanted is not told, and while nothing is wanted nothing is read', async () => {
  const state: { since?: number } = {}
  const { told } = follow({ wantedSince: async () => state.since })
  await end(sent)
  expect(await given.redis().exists('ott:callbacks:cursors')).toBe(0)
  state.since = Date.now() + 1
  await untilTrue(async () => Date.now() > Number(state.since))
  const id = await end(sent)
  await untilTrue(() => told.length > 0)
  expect(told).toEqual([`${id} sent`])
})

test('what could not be taken in is told again, and holds up no other queue', async () => {
  const told: string[] = []
  let refusing = true
  follow({
    tell: async (ended) => {
      if (refusing && ended.some(({ history }) => history.delivery.network === 'line')) throw new Error('not now')
      told.push(...ended.map(inWords))
    },
  })
  const [line, messenger] = [await end(sent), await end(refused('window', 'no'), 'messenger')]
  await untilTrue(() => told.length === 1)
  expect(told).toEqual([`${messenger} failed`])
  refusing = false
  await untilTrue(() => told.length === 2)
  expect(told).toEqual([`${messenger} failed`, `${line} sent`])
})

test('of several processes one looks, and another goes on where that one stopped', async () => {
  // As long as a slow machine may stall, and longer.
  const options = { lateMs: 0, leaseMs: 10_000 }
  const first = follow(options)
  await end(sent)
  await untilTrue(() => first.told.length === 1)
  const second = follow(options)
  await end(sent)
  await untilTrue(() => first.told.length === 2)
  expect(second.told).toEqual([])
  await untilLookedAt('second', Date.now())
  await first.close()
  const id = await end(sent)
  await untilTrue(() => second.told.length > 0)
  expect(second.told).toEqual([`${id} sent`])
})

test('a delivery whose end is written late, by a clock that is behind or a worker that was frozen, is told all the same', async () => {
  // Longer than a slow machine stalls: what came there after the second look as well would not be told.
  const { told } = follow({ lateMs: 5000 })
  const id = await end(sent)
  await untilTrue(() => told.length === 1)
  // As if it came there now, where the first look has been already.
  const key = given.lineQueue().toKey('completed')
  const at = Date.now() - 100
  await untilLookedAt('first', at)
  await given.redis().zadd(key, at, id)
  await untilTrue(() => told.length === 2)
  expect(told).toEqual([`${id} sent`, `${id} sent`])
})

test('a redriven delivery that ends again is told again', async () => {
  const { told } = follow()
  const id = await end(refused('recipient', 'no'))
  await untilTrue(() => told.length === 1)
  await given.failed().redrive({})
  await given.work(sent, async () => (await given.lastEvent(id))?.event === 'sent')
  await untilTrue(() => told.length === 2)
  expect(told).toEqual([`${id} failed`, `${id} sent`])
})

test('a delivery that is parked is told, and not again because it woke up while its sender was still held back', async () => {
  const { told } = follow()
  const { redis, queue, parked: index } = parked.open()
  const [id = ''] = await parked.park('1', 1)
  await sayParked(id)
  await index.add(aDelivery({ id, sender: '1' }))
  await untilTrue(() => told.includes(`${id} parked`))
  expect(new Set(told)).toEqual(new Set([`${id} parked`]))
  const source = endedSources(queue).find(({ name }) => name === 'parked')
  const [now, later] = [Date.now(), Date.now() + 20 * 60 * 1000]
  expect(source && (await readEnded(source, [{ id, at: now }]))).toHaveLength(1)
  expect(source && (await readEnded(source, [{ id, at: later }]))).toEqual([])
  expect(await redis.zcard('ott:parkings:line')).toBe(1)
})

test('a delivery that was looked at just before its job said that it is parked is told by the second look', async () => {
  const events: number[] = []
  follow({
    lateMs: 300,
    tell: async (ended) =>
      void events.push(...ended.map(({ history }) => history.events.filter(({ event }) => event === 'parked').length)),
  })
  // Parking notes it first, and writes the job's log then.
  const [id = ''] = await parked.park('1', 1)
  await untilTrue(() => events.length > 0)
  expect(events[0]).toBe(0)
  await sayParked(id)
  await untilTrue(() => events.includes(1))
})

test('it tells how far behind it is', async () => {
  let refusing = true
  const { tail, told } = follow({
    tell: async (ended) => {
      if (refusing) throw new Error('not now')
      told.push(...ended.map(inWords))
    },
  })
  await untilTrue(() => tail.lagMs() < 1000)
  await end(sent)
  await untilTrue(() => tail.lagMs() > 50)
  refusing = false
  await untilTrue(() => told.length === 1 && tail.lagMs() < 50)
})

test('when deliveries were parked is forgotten after a day', async () => {
  const { redis, parked: index } = parked.open()
  await index.add(aDelivery())
  await index.forgetParkings(Date.now() + 23 * 60 * 60 * 1000)
  expect(await redis.zcard('ott:parkings:line')).toBe(1)
  await index.forgetParkings(Date.now() + 25 * 60 * 60 * 1000)
  expect(await redis.zcard('ott:parkings:line')).toBe(0)
})
