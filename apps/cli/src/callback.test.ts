import { text } from 'node:stream/consumers'

import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { refused } from '@ott/delivery'
import { CallbackQueues, startCallbackWorker } from '@ott/queue'
import { logger } from '@ott/queue/testing'
import { CallbackRegistry, createSealer } from '@ott/registry'
import { closeRedis, openRedis, type Redis } from '@ott/runtime'

import { useFailed } from './use-failed.ts'
import { canLendTerminal, key, startOnTerminal, useOtt } from './use-ott.ts'

const ott = useOtt()
const failed = useFailed(ott.redis)
const url = 'https://shop.example/hook'
const wanted = { url, types: ['message.sent', 'message.failed'], includeRequestBody: false }

let redis: Redis
let registry: CallbackRegistry
let queues: CallbackQueues
beforeAll(async () => {
  redis = await openRedis(ott.redis.url, 'waiting', logger)
  ott.redis.onStop(() => closeRedis(redis))
  const sealer = createSealer([Buffer.from(key, 'base64')])
  registry = await CallbackRegistry.open(redis, { redisUrl: ott.redis.url, logger, sealer })
  ott.redis.onStop(() => registry.close())
  queues = new CallbackQueues(redis)
  ott.redis.onStop(() => queues.close())
})

let id: string
beforeEach(async () => {
  await registry.remove('shop')
  id = (await registry.put('shop', wanted)).callback.id
})

const shown = {
  account: 'shop',
  url,
  events: wanted.types,
  includeRequestBody: false,
  enabled: true,
  disabled: null,
  failing: null,
  waiting: 0,
  failed: 0,
  createdDateTime: expect.any(String),
}

test('callbacks are listed and shown with how they fare, and without a secret', async () => {
  await queues.add(id, [{ id: 'e1', at: 1, type: 'message.sent', body: '{}' }])
  await registry.note({ account: 'shop', id }, 'answered 500')
  const failing = { message: 'answered 500', sinceDateTime: expect.any(String) }
  expect(await ott.json(['callback', 'list'])).toEqual([{ ...shown, failing, waiting: 1 }])
  expect(await ott.json(['callback', 'show', '--account', 'shop'])).toEqual({ ...shown, failing, waiting: 1 })
  const { stdout } = await ott.run(['callback', 'list'])
  expect(stdout).toMatch(
    /^ACCOUNT +WAITING +GIVEN UP +STATE +URL\nshop +1 +0 +failing since .* \(answered 500\) +https:/,
  )
  expect(stdout).not.toContain('whsec_')
})

test('a callback is disabled and enabled, and its operator is told how to tell what it missed', async () => {
  expect(await ott.json(['callback', 'disable', '--account', 'shop'])).toMatchObject({
    enabled: false,
    disabled: { reason: 'operator' },
  })
  const run = await ott.run(['callback', 'test', '--account', 'shop'])
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('It is disabled') })
  const { stdout } = await ott.run(['callback', 'enable', '--account', 'shop'])
  expect(stdout).toMatch(/ott callback replay --account shop --since 20\d\d-/)
  expect(await ott.json(['callback', 'show', '--account', 'shop'])).toEqual(shown)
})

test('what happened in a time is counted, and told once more', async () => {
  const [first = ''] = await failed.fail(2, refused('window', 'too late'))
  await registry.put('shop', wanted)
  await failed.fail(1, refused('expired', 'too late'))
  await failed.fail(1, refused('window', 'too late'), { account: 'other' })
  const { callback } = await registry.put('shop', wanted)
  const counts = { replayed: 2, byAccount: { shop: 2 } }
  const args = ['callback', 'replay', '--since', '1h']
  expect(await ott.json([...args, '--dry-run'])).toEqual({ dryRun: true, ...counts })
  expect(await queues.waiting(callback.id)).toBe(0)
  expect(await ott.json([...args, '--account', 'shop'])).toEqual({ dryRun: false, ...counts })
  expect(await ott.json([...args, '--until', '30m'])).toEqual({ dryRun: false, replayed: 0, byAccount: { shop: 0 } })
  const told: string[] = []
  const worker = startCallbackWorker(
    callback.id,
    async (event) => {
      told.push(event.id)
      return { outcome: 'arrived', message: 'answered 204' }
    },
    { redis, logger, concurrency: 1 },
  )
  expect(await ott.json(['callback', 'test', '--account', 'shop'])).toEqual({
    account: 'shop',
    arrived: true,
    message: 'answered 204',
  })
  await worker.close()
  expect(told.some((event) => event.startsWith(`${first}-failed-`))).toBe(true)
})

const onTerminal = canLendTerminal ? test : test.skip

onTerminal('whoever waits at a terminal for a test to arrive is told so', async () => {
  const child = startOnTerminal(['callback', 'test', '--account', 'shop'], { ...ott.env(), NO_COLOR: '1' })
  child.stdin.end()
  const screen = text(child.stdout)
  const { promise: waiting, resolve } = Promise.withResolvers<undefined>()
  child.stdout.on('data', (chunk) => String(chunk).includes('is told … 1 s') && resolve(undefined))
  await waiting
  const worker = startCallbackWorker(id, async () => ({ outcome: 'arrived', message: 'answered 204' }), {
    redis,
    logger,
    concurrency: 1,
  })
  expect(await screen).toMatch(
    /^\r\S*Waiting until the endpoint is told … 1 s[^]*✓ It arrived: the endpoint answered 204\.\r\n$/,
  )
  await worker.close()
})

test.each([
  [['replay'], 2, 'Give --since with a time, or --failed'],
  [['replay', '--since', '1h', '--failed'], 2, 'Give --since with a time, or --failed'],
  [['replay', '--since', '1h', '--account', 'nobody'], 1, 'There is no such callback that is enabled'],
  [['show', '--account', 'nobody'], 1, 'The account nobody has no callback'],
])('it does not take %j', async (args, code, message) => {
  const run = await ott.run(['callback', ...args])
  expect(run).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) })
})
