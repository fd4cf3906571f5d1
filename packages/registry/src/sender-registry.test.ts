import { randomBytes } from 'node:crypto'

import { beforeAll, expect, test } from '@jest/globals'
import type { Sender } from '@ott/delivery'
import { durationOf, untilTrue, useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { commandsProcessed } from './commands-processed.ts'
import { createSealer } from './sealer.ts'
import { readRevision, SenderRegistry } from './sender-registry.ts'

const server = useRedis()
const logger = createLogger('test', 'silent')
const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]

let redis: Redis
let here: SenderRegistry
let elsewhere: SenderRegistry

async function open(...keys: [Buffer, ...Buffer[]]): Promise<SenderRegistry> {
  const registry = await SenderRegistry.open(redis, { redisUrl: server.url, logger, sealer: createSealer(keys) })
  server.onStop(() => registry.close())
  return registry
}

// Two of them, as in two processes: each with a cache of its own.
beforeAll(async () => {
  redis = await openRedis(server.url, 'failing', logger)
  server.onStop(() => closeRedis(redis))
  here = await open(oldKey)
  elsewhere = await open(oldKey)
})

function aSender(changes: Partial<Sender> = {}): Omit<Sender, 'revision'> {
  return {
    account: 'shop',
    network: 'line',
    id: '1650000000',
    active: true,
    endpointUrl: 'https://api.line.me',
    attributes: { channelId: '1650000000', channelSecret: 'hunter2', isTestChannel: false },
    ...changes,
  }
}

/** Waits for what a change elsewhere brings about, for the second that is promised. */
async function withinASecond(check: () => Promise<boolean>): Promise<boolean> {
  return (await durationOf(() => untilTrue(check))) < 1000
}

test('a registered sender is found as it was registered', async () => {
  await here.register(aSender())
  expect(await here.find('shop', 'line', '1650000000')).toMatchObject(aSender())
})

test('who cannot open a sender’s secrets reads the revision of its registration, while it is active', async () => {
  const place = { account: 'shop', network: 'line', id: 'revised' }
  expect(await readRevision(redis, place)).toBeUndefined()
  await here.register(aSender({ id: 'revised' }))
  const first = await readRevision(redis, place)
  expect(first).toBe((await here.find('shop', 'line', 'revised'))?.revision)
  await here.register(aSender({ id: 'revised' }))
  expect(await readRevision(redis, place)).not.toBe(first)
  await here.register(aSender({ id: 'revised', active: false }))
  expect(await readRevision(redis, place)).toBeUndefined()
})

test('senders of different networks and accounts with the same id are different senders', async () => {
  await here.register(aSender({ id: 'same' }))
  expect(await here.find('shop', 'messenger', 'same')).toBeUndefined()
  expect(await here.find('bank', 'line', 'same')).toBeUndefined()
  expect((await here.list('bank', 'line', 1, 50)).count).toBe(0)
})

test('a change is seen within a second by processes that had the sender cached', async () => {
  await here.register(aSender({ id: 'changing' }))
  expect((await elsewhere.find('shop', 'line', 'changing'))?.active).toBe(true)
  await here.register(aSender({ id: 'changing', active: false }))
  expect(await withinASecond(async () => (await elsewhere.find('shop', 'line', 'changing'))?.active === false)).toBe(
    true,
  )
})

test('a sender that was looked for in vain is found within a second of its registration', async () => {
  expect(await elsewhere.find('shop', 'line', 'late')).toBeUndefined()
  await here.register(aSender({ id: 'late' }))
  expect(await withinASecond(async () => (await elsewhere.find('shop', 'line', 'late')) !== undefined)).toBe(true)
})

test('a removed sender is gone everywhere within a second', async () => {
  await here.register(aSender({ id: 'leaving' }))
  await elsewhere.find('shop', 'line', 'leaving')
  expect(await here.remove('shop', 'line', 'leaving')).toBe(true)
  expect(await here.remove('shop', 'line', 'leaving')).toBe(false)
  expect(await withinASecond(async () => (await elsewhere.find('shop', 'line', 'leaving')) === undefined)).toBe(true)
})

test('each registration has a revision of its own', async () => {
  await here.register(aSender({ id: 'twice' }))
  const first = await here.find('shop', 'line', 'twice')
  await here.register(aSender({ id: 'twice' }))
  expect((await here.find('shop', 'line', 'twice'))?.revision).not.toBe(first?.revision)
})

test('a sender in use costs no call to Redis', async () => {
  await here.register(aSender({ id: 'busy' }))
  await here.find('shop', 'line', 'busy')
  const before = await commandsProcessed(redis)
  for (let finds = 0; finds < 100; finds += 1) await here.find('shop', 'line', 'busy')
  expect((await commandsProcessed(redis)) - before).toBeLessThan(10)
})

test('a change that is made while the subscription is down is seen when it is back', async () => {
  await here.register(aSender({ id: 'unheard' }))
  await elsewhere.find('shop', 'line', 'unheard')
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await here.register(aSender({ id: 'unheard', active: false }))
  expect(await withinASecond(async () => (await elsewhere.find('shop', 'line', 'unheard'))?.active === false)).toBe(
    true,
  )
})

test('senders are listed in order of their ids, page by page', async () => {
  for (const id of ['c', 'a', 'e', 'b', 'd']) await here.register(aSender({ network: 'messenger', id }))
  const pages = await Promise.all([1, 2, 3, 4].map((page) => here.list('shop', 'messenger', page, 2)))
  expect(pages.map(({ records }) => records.map(({ id }) => id))).toEqual([['a', 'b'], ['c', 'd'], ['e'], []])
  expect(pages.map(({ count }) => count)).toEqual([5, 5, 5, 5])
})

test('what is in Redis does not tell a sender’s secret', async () => {
  await here.register(aSender({ id: 'sealed' }))
  const stored = await redis.hget('ott:senders:line:shop', 'sealed')
  expect(stored).toContain('api.line.me')
  expect(stored).not.toContain('hunter2')
})

test('secrets that were moved to another sender’s place cannot be opened there', async () => {
  await here.register(aSender({ id: 'mine' }))
  const stored = await redis.hget('ott:senders:line:shop', 'mine')
  await redis.hset('ott:senders:line:bank', 'mine', String(stored).replace('"shop"', '"bank"'))
  await expect(here.find('bank', 'line', 'mine')).rejects.toThrow()
})

test('a program with another key does not start, and is told what to do', async () => {
  await expect(open(randomBytes(32))).rejects.toMatchObject({
    name: 'StartFailure',
    message: expect.stringContaining('CREDENTIALS_KEY is not the key that'),
  })
})

test('a program with another key cannot make it the one in use, even where nothing says which that is', async () => {
  await here.register(aSender())
  await redis.del('ott:keys:check')
  await expect(open(randomBytes(32))).rejects.toMatchObject({ name: 'StartFailure' })
  expect(await redis.exists('ott:keys:check')).toBe(0)
  await open(oldKey)
  expect(await redis.exists('ott:keys:check')).toBe(1)
})

test('a change that nobody announces is seen within seconds all the same', async () => {
  await here.register(aSender({ id: 'silent' }))
  await elsewhere.find('shop', 'line', 'silent')
  await redis.hdel('ott:senders:line:shop', 'silent')
  await untilTrue(async () => (await elsewhere.find('shop', 'line', 'silent')) === undefined)
})

test('a process that runs on with the old key alone names the key it lacks', async () => {
  const both = await open(newKey, oldKey)
  await both.register(aSender({ id: 'newer' }))
  await expect(here.find('shop', 'line', 'newer')).rejects.toMatchObject({ name: 'UnknownKey' })
})

test('after a rotation every sender can be opened with the new key alone', async () => {
  const both = await open(newKey, oldKey)
  for (const id of ['r1', 'r2']) await here.register(aSender({ account: 'bank', network: 'rotated', id }))
  await both.register(aSender({ account: 'shop', network: 'rotated', id: 'r3' }))
  expect(await both.rotateKeys('rotated')).toEqual({ rotated: 2, all: 3 })
  expect(await both.rotateKeys('rotated')).toEqual({ rotated: 0, all: 3 })
  const onlyNew = await open(newKey)
  expect((await onlyNew.find('bank', 'rotated', 'r1'))?.attributes).toEqual(aSender().attributes)
})
