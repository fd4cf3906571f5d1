import { randomBytes } from 'node:crypto'

import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { untilTrue, useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { isTold } from './callback.ts'
import { CallbackRegistry } from './callback-registry.ts'
import { createSealer } from './sealer.ts'

const server = useRedis()
const logger = createLogger('test', 'silent')
const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
const wanted = { url: 'https://shop.example/hook', types: ['message.sent'], includeRequestBody: false }

let redis: Redis
let here: CallbackRegistry
let elsewhere: CallbackRegistry

async function open(...keys: [Buffer, ...Buffer[]]): Promise<CallbackRegistry> {
  const registry = await CallbackRegistry.open(redis, { redisUrl: server.url, logger, sealer: createSealer(keys) })
  server.onStop(() => registry.close())
  return registry
}

beforeAll(async () => {
  redis = await openRedis(server.url, 'failing', logger)
  server.onStop(() => closeRedis(redis))
  here = await open(oldKey)
  elsewhere = await open(oldKey)
})

beforeEach(async () => {
  for (const { account } of await here.all()) await here.remove(account)
})

test('the secret of a callback is told when it is made, and no change of it tells a secret again', async () => {
  const made = await here.put('shop', wanted)
  expect(made.secret).toMatch(/^whsec_[\w+/]{43}=$/)
  expect(await here.secretsOf('shop')).toEqual([made.secret])
  const changed = await here.put('shop', { ...wanted, url: 'https://shop.example/other' })
  expect(changed).toEqual({ callback: { ...made.callback, ...changed.callback, url: 'https://shop.example/other' } })
  expect(await here.secretsOf('shop')).toEqual([made.secret])
})

test('a secret cannot be read in Redis, nor used in another account’s place', async () => {
  const { secret = '' } = await here.put('shop', wanted)
  const stored = (await redis.hget('ott:callbacks', 'shop')) ?? ''
  expect(stored).not.toContain(secret.slice('whsec_'.length))
  await redis.hset('ott:callbacks', 'rival', stored.replaceAll('"shop"', '"rival"'))
  await expect(here.secretsOf('rival')).rejects.toThrow()
})

test('after a rotation both secrets sign for a day, and a further rotation leaves two', async () => {
  const first = await here.put('shop', wanted)
  const second = await here.rotateSecret('shop')
  expect(await here.secretsOf('shop')).toEqual([second?.secret, first.secret])
  const third = await here.rotateSecret('shop')
  expect(await here.secretsOf('shop')).toEqual([third?.secret, second?.secret])
  const stored: unknown = JSON.parse((await redis.hget('ott:callbacks', 'shop')) ?? '')
  expect(stored).toMatchObject({ secrets: [{}, { until: expect.any(Number) }] })
  const over = (await redis.hget('ott:callbacks', 'shop'))?.replace(/"until":\d+/, '"until":1') ?? ''
  await redis.hset('ott:callbacks', 'shop', over)
  await untilTrue(async () => (await here.secretsOf('shop')).length === 1)
  expect(await here.rotateSecret('nobody')).toBeUndefined()
})

test('a callback that was removed and made again is another one, with another secret', async () => {
  const first = await here.put('shop', wanted)
  expect(await here.remove('shop')).toBe(true)
  expect(await here.find('shop')).toBeUndefined()
  const second = await here.put('shop', wanted)
  expect(second.callback.id).not.toBe(first.callback.id)
  expect(second.secret).not.toBe(first.secret)
  // What is said of the one before does not touch it.
  await here.disable(first.callback, 'gone')
  await here.note(first.callback, 'answered 500')
  expect(await here.find('shop')).toEqual({ ...second.callback, secrets: expect.anything() })
})

test('what failed first is remembered until something arrives, and a change is seen by other processes', async () => {
  const { callback } = await here.put('shop', wanted)
  await here.note(callback, 'answered 500')
  const failing = (await here.note(callback, 'answered 503'))?.failing
  expect(failing).toEqual({ since: expect.any(Number), message: 'answered 500' })
  await untilTrue(async () => (await elsewhere.find('shop'))?.failing !== undefined)
  expect((await elsewhere.note(callback))?.failing).toBeUndefined()
})

test('a disabled callback is told nothing, keeps its first reason, and when enabled is told what happens from then on', async () => {
  const { callback } = await here.put('shop', wanted)
  const event = { type: 'message.sent', at: Date.now() }
  expect(isTold(callback, event)).toBe(true)
  expect(isTold(callback, { ...event, type: 'message.failed' })).toBe(false)
  expect(isTold(callback, { ...event, at: callback.since - 1 })).toBe(false)
  await here.disable(callback, 'gone')
  const disabled = await here.disable(callback, 'operator')
  expect(disabled?.disabled?.reason).toBe('gone')
  expect(disabled === undefined || isTold(disabled, event)).toBe(false)
  const enabled = await here.enable('shop')
  expect(enabled?.disabled).toBeUndefined()
  expect(enabled?.since).toBeGreaterThanOrEqual(disabled?.disabled?.at ?? Infinity)
})

test('secrets are sealed anew with the first key, and a program with another key does not start', async () => {
  const { secret } = await here.put('shop', wanted)
  const rotating = await open(newKey, oldKey)
  expect(await rotating.rotateKeys()).toEqual({ rotated: 1, all: 1 })
  expect(await rotating.rotateKeys()).toEqual({ rotated: 0, all: 1 })
  await expect(here.secretsOf('shop')).rejects.toThrow('is not among CREDENTIALS_KEY')
  expect(await rotating.secretsOf('shop')).toEqual([secret])
  await expect(open(randomBytes(32))).rejects.toThrow('CREDENTIALS_KEY is not the key')
})
