import { beforeAll, expect, test } from '@jest/globals'
import type { Sender } from '@ott/delivery'
import { untilTrue, useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { SenderRegistry } from './sender-registry.ts'

const server = useRedis()
const logger = createLogger('test', 'silent')

let redis: Redis
let here: SenderRegistry
let elsewhere: SenderRegistry

// Two of them, as in two processes: each with a cache of its own.
beforeAll(async () => {
  redis = await openRedis(server.url, 'failing', logger)
  server.onStop(() => closeRedis(redis))
  here = await SenderRegistry.open(redis, server.url, logger)
  server.onStop(() => here.close())
  elsewhere = await SenderRegistry.open(redis, server.url, logger)
  server.onStop(() => elsewhere.close())
})

function aSender(changes: Partial<Sender> = {}): Omit<Sender, 'revision'> {
  return {
    network: 'line',
    id: '1650000000',
    active: true,
    endpointUrl: 'https://api.line.me',
    attributes: { channelId: '1650000000', channelSecret: 'secret', isTestChannel: false },
    ...changes,
  }
}

/** Waits for what a change elsewhere brings about, for the second that is promised. */
async function withinASecond(check: () => Promise<boolean>): Promise<boolean> {
  const startedAt = performance.now()
  await untilTrue(check)
  return performance.now() - startedAt < 1000
}

test('a registered sender is found as it was registered', async () => {
  await here.register(aSender())
  expect(await here.find('line', '1650000000')).toMatchObject(aSender())
})

test('senders of different networks with the same id are different senders', async () => {
  await here.register(aSender({ id: 'same' }))
  expect(await here.find('messenger', 'same')).toBeUndefined()
})

test('a change is seen within a second by processes that had the sender cached', async () => {
  await here.register(aSender({ id: 'changing' }))
  expect((await elsewhere.find('line', 'changing'))?.active).toBe(true)
  await here.register(aSender({ id: 'changing', active: false }))
  expect(await withinASecond(async () => (await elsewhere.find('line', 'changing'))?.active === false)).toBe(true)
})

test('a sender that was looked for in vain is found within a second of its registration', async () => {
  expect(await elsewhere.find('line', 'late')).toBeUndefined()
  await here.register(aSender({ id: 'late' }))
  expect(await withinASecond(async () => (await elsewhere.find('line', 'late')) !== undefined)).toBe(true)
})

test('a removed sender is gone everywhere within a second', async () => {
  await here.register(aSender({ id: 'leaving' }))
  await elsewhere.find('line', 'leaving')
  expect(await here.remove('line', 'leaving')).toBe(true)
  expect(await here.remove('line', 'leaving')).toBe(false)
  expect(await withinASecond(async () => (await elsewhere.find('line', 'leaving')) === undefined)).toBe(true)
})

test('each registration has a revision of its own', async () => {
  await here.register(aSender({ id: 'twice' }))
  const first = await here.find('line', 'twice')
  await here.register(aSender({ id: 'twice' }))
  expect((await here.find('line', 'twice'))?.revision).not.toBe(first?.revision)
})

test('a sender in use costs no call to Redis', async () => {
  await here.register(aSender({ id: 'busy' }))
  await here.find('line', 'busy')
  const before = await commandsProcessed()
  for (let finds = 0; finds < 100; finds += 1) await here.find('line', 'busy')
  expect((await commandsProcessed()) - before).toBeLessThan(10)
})

test('a change that is made while the subscription is down is seen when it is back', async () => {
  await here.register(aSender({ id: 'unheard' }))
  await elsewhere.find('line', 'unheard')
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await here.register(aSender({ id: 'unheard', active: false }))
  expect(await withinASecond(async () => (await elsewhere.find('line', 'unheard'))?.active === false)).toBe(true)
})

test('senders are listed in order of their ids, page by page', async () => {
  for (const id of ['c', 'a', 'e', 'b', 'd']) await here.register(aSender({ network: 'messenger', id }))
  const pages = await Promise.all([1, 2, 3, 4].map((page) => here.list('messenger', page, 2)))
  expect(pages.map(({ senders }) => senders.map(({ id }) => id))).toEqual([['a', 'b'], ['c', 'd'], ['e'], []])
  expect(pages.map(({ count }) => count)).toEqual([5, 5, 5, 5])
})

async function commandsProcessed(): Promise<number> {
  const stats = await redis.info('stats')
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1])
}
