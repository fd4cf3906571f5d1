import { beforeAll, expect, test } from '@jest/globals'
import type { Hold } from '@ott/delivery'
import { untilTrue, useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { commandsProcessed } from './commands-processed.ts'
import { SenderHolds } from './sender-holds.ts'

const server = useRedis()
const logger = createLogger('test', 'silent')

let redis: Redis
let here: SenderHolds
let elsewhere: SenderHolds

async function open(): Promise<SenderHolds> {
  const holds = await SenderHolds.open(redis, { redisUrl: server.url, logger })
  server.onStop(() => holds.close())
  return holds
}

// Two of them, as in two processes: each with a cache of its own.
beforeAll(async () => {
  redis = await openRedis(server.url, 'failing', logger)
  server.onStop(() => closeRedis(redis))
  here = await open()
  elsewhere = await open()
})

function throttled(changes: Partial<Hold> = {}): Hold {
  return {
    kind: 'throttled',
    reason: 'throttled',
    message: 'LINE answered 429',
    since: 10_000,
    until: 11_000,
    waitMs: 1000,
    strikes: 1,
    revision: 'r1',
    ...changes,
  }
}

function parked(changes: Partial<Hold> = {}): Hold {
  return throttled({ kind: 'parked', reason: 'credentials', message: 'LINE answered 401', ...changes })
}

/** What is kept after these, put in this order. */
async function keptOf(sender: string, ...holds: Hold[]): Promise<Hold | undefined> {
  for (const hold of holds) await here.put('shop', 'line', sender, hold)
  return here.find('shop', 'line', sender)
}

test('a sender that is held back is so in every process within a second, and no other sender is', async () => {
  expect(await elsewhere.find('shop', 'line', 'held')).toBeUndefined()
  await here.put('shop', 'line', 'held', parked())
  await untilTrue(async () => (await elsewhere.find('shop', 'line', 'held')) !== undefined)
  expect(await elsewhere.find('shop', 'line', 'held')).toEqual(parked())
  expect(await elsewhere.find('bank', 'line', 'held')).toBeUndefined()
  expect(await elsewhere.find('shop', 'messenger', 'held')).toBeUndefined()
})

test('to ask of a sender in use whether it is held back costs no call to Redis', async () => {
  await here.find('shop', 'line', 'free')
  const before = await commandsProcessed(redis)
  for (let finds = 0; finds < 100; finds += 1) await here.find('shop', 'line', 'free')
  expect((await commandsProcessed(redis)) - before).toBeLessThan(10)
})

test('a hold that is ended is ended in every process', async () => {
  await here.put('shop', 'line', 'resumed', parked())
  await elsewhere.find('shop', 'line', 'resumed')
  expect(await here.remove('shop', 'line', 'resumed')).toBe(true)
  expect(await here.remove('shop', 'line', 'resumed')).toBe(false)
  await untilTrue(async () => (await elsewhere.find('shop', 'line', 'resumed')) === undefined)
})

test('a throttle does not take the place of a park, and a park takes that of a throttle', async () => {
  expect(await keptOf('a', parked(), throttled({ until: 99_000, strikes: 9 }))).toEqual(parked())
  expect(await keptOf('b', throttled({ until: 99_000, strikes: 9 }), parked())).toEqual(parked())
})

test('of two holds of a kind the longer wait and the more strikes are kept, in whatever order they come', async () => {
  const [long, often] = [throttled({ until: 70_000 }), throttled({ strikes: 3, waitMs: 4000 })]
  expect(await keptOf('c', long, often)).toEqual({ ...often, until: 70_000 })
  expect(await keptOf('d', often, long)).toEqual({ ...often, until: 70_000 })
})

test('a throttle that is over is forgotten with the next one, strikes and all', async () => {
  const next = throttled({ since: 90_000, until: 91_000 })
  expect(await keptOf('e', throttled({ strikes: 6 }), next)).toEqual(next)
})

test('a hold on a later registration takes the place of an earlier one, however strict that was', async () => {
  const later = throttled({ revision: 'r2' })
  expect(await keptOf('f', parked({ strikes: 9, until: 99_000 }), later)).toEqual(later)
})

test('holds that are put at the same moment by several processes do not undo each other', async () => {
  const all = Array.from({ length: 20 }, (_, index) => throttled({ strikes: index + 1, until: 40_000 - index }))
  await Promise.all(all.map((hold, index) => (index % 2 ? here : elsewhere).put('shop', 'line', 'g', hold)))
  const kept = (await here.list('line')).find(({ sender }) => sender === 'g')
  expect(kept?.hold).toMatchObject({ strikes: 20, until: 40_000 })
})

test('one probe is let through, however many processes try to', async () => {
  const seen = parked()
  await here.put('shop', 'line', 'h', seen)
  const tries = Array.from({ length: 10 }, (_, index) =>
    (index % 2 ? here : elsewhere).letThrough('shop', 'line', 'h', { seen, probe: `d${index}`, until: 50_000 + index }),
  )
  const won = (await Promise.all(tries)).flatMap((through, index) => (through ? [index] : []))
  expect(won).toHaveLength(1)
  const [index] = won
  expect(await keptOf('h')).toEqual({ ...seen, probe: `d${index}`, until: 50_000 + (index ?? NaN) })
})

test('a probe under way is not forgotten by what deliveries before it come back with, but by its own failure', async () => {
  const seen = parked()
  await here.put('shop', 'line', 'i', seen)
  await here.letThrough('shop', 'line', 'i', { seen, probe: 'd1', until: 50_000 })
  expect(await keptOf('i', parked({ until: 60_000 }))).toMatchObject({ probe: 'd1', until: 60_000 })
  const failed = await keptOf('i', parked({ strikes: 2, until: 70_000 }))
  expect(failed).toEqual(parked({ strikes: 2, until: 70_000 }))
})

test('nothing is let through of a sender that is no longer held back', async () => {
  expect(await here.letThrough('shop', 'line', 'j', { seen: parked(), probe: 'd1', until: 50_000 })).toBe(false)
  expect(await here.find('shop', 'line', 'j')).toBeUndefined()
})

test('a hold that has changed since it was seen is not ended by who saw the one before', async () => {
  await here.put('shop', 'line', 'k', parked({ strikes: 2 }))
  await here.removeIfSame('shop', 'line', 'k', parked())
  expect(await here.find('shop', 'line', 'k')).toBeDefined()
  await here.removeIfSame('shop', 'line', 'k', parked({ strikes: 2 }))
  expect(await here.find('shop', 'line', 'k')).toBeUndefined()
})

test('a network’s holds are listed with whose they are, and other networks’ are not', async () => {
  await here.put('shop', 'pigeon', 'Straße 1:"x"', parked())
  await here.put('bank', 'pigeon', '1', throttled())
  const listed = (await here.list('pigeon')).toSorted((one, other) => one.account.localeCompare(other.account))
  expect(listed).toEqual([
    { account: 'bank', sender: '1', hold: throttled() },
    { account: 'shop', sender: 'Straße 1:"x"', hold: parked() },
  ])
})
