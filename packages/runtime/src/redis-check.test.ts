import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from '@jest/globals'
import { freePort, startRedisServer } from '@ott/local'
import { durationOf, testWithOwnRedis, untilTrue } from '@ott/local/testing'
import { Redis } from 'ioredis'

import { readableLog } from './log-lines.ts'
import { redisCheck } from './redis-check.ts'
import type { RedisManner } from './redis-manner.ts'
import { useOwnRedis } from './use-own-redis.ts'

const server = useOwnRedis()
const manners: readonly RedisManner[] = ['failing', 'waiting']

testWithOwnRedis('readiness says what becomes of an acknowledged write when Redis crashes', async () => {
  const check = redisCheck(await server.open('waiting'))
  expect(await check()).toBe('ok; every write is on disk before it is answered (appendonly, appendfsync always)')
  await server.set({ appendfsync: 'everysec' })
  expect(await check()).toBe('ok; up to a second of writes can be lost (appendfsync everysec)')
  await server.set({ appendfsync: 'no' })
  expect(await check()).toBe('ok; up to half a minute of writes can be lost (appendfsync no)')
  await server.set({ appendonly: 'no' })
  expect(await check()).toBe('ok; NOT durable: appendonly is off, a Redis that crashes loses deliveries')
})

testWithOwnRedis.each([
  [
    'CONFIG',
    ['-config'],
    'ok; durability unknown: appendonly is on, but CONFIG, which tells appendfsync, is not allowed',
  ],
  ['CONFIG and INFO', ['-config', '-info'], 'ok; durability unknown: INFO is not allowed'],
])(
  'a user who may not use %s works all the same; the durability is unknown, and that is warned of',
  async (_, rules, state) => {
    const { logger, lines } = readableLog()
    await server.admin.call(
      'ACL',
      'SETUSER',
      'dispatcher',
      'reset',
      'on',
      '>hunter2',
      '~ott:*',
      '&ott:*',
      '+@all',
      ...rules,
    )
    const redis = await server.open('failing', {
      logger,
      url: server.url.replace('redis://', 'redis://dispatcher:hunter2@'),
    })
    expect(await redisCheck(redis)()).toBe(state)
    expect(lines).toMatchObject([{ level: 'warn', msg: 'redis.not-durable', durability: state.replace('ok; ', '') }])
  },
)

testWithOwnRedis('readiness leaves nothing in Redis for longer than a minute', async () => {
  await redisCheck(await server.open('failing'))()
  expect(await server.admin.ttl('ott:health')).toBeGreaterThan(0)
  expect(await server.admin.ttl('ott:health')).toBeLessThanOrEqual(60)
})

testWithOwnRedis.each(manners)(
  'a Redis without memory is not ready, on a %s connection, until it has some again',
  async (manner) => {
    const check = redisCheck(await server.open(manner))
    await server.set({ maxmemory: '1' })
    await expect(check()).rejects.toThrow('Redis is out of memory (maxmemory is 1 bytes): raise its maxmemory')
    await server.set({ maxmemory: '0' })
    expect(await check()).toMatch(/^ok/)
  },
)

testWithOwnRedis.each(manners)(
  'a read-only Redis is not ready, on a %s connection, until it is a primary again',
  async (manner) => {
    const check = redisCheck(await server.open(manner))
    await server.admin.replicaof('127.0.0.1', await freePort())
    await expect(check()).rejects.toThrow(/Redis is read-only, a replica.*set REDIS_URL to the primary/)
    await server.admin.replicaof('NO', 'ONE')
    await untilTrue(() =>
      check().then(
        () => true,
        () => false,
      ),
    )
  },
)

testWithOwnRedis('a user who may not write is not ready, in Redis’s own words', async () => {
  await server.admin.call('ACL', 'SETUSER', 'reader', 'reset', 'on', '>hunter2', '%R~*', '&*', '+@all')
  const redis = await server.open('failing', { url: server.url.replace('redis://', 'redis://reader:hunter2@') })
  await expect(redisCheck(redis)()).rejects.toThrow(/^Redis refuses writes: NOPERM/)
})

testWithOwnRedis.each(manners)(
  'a Redis that hangs is not ready within a second, on a %s connection',
  async (manner) => {
    const check = redisCheck(await server.open(manner))
    await server.admin.call('CLIENT', 'PAUSE', '1200', 'ALL')
    const refused = () => expect(check()).rejects.toThrow('Redis does not answer within 800 ms')
    expect(await durationOf(refused)).toBeLessThan(1000)
  },
)

testWithOwnRedis('a Redis that loads its data says so, and is ready once it has', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ott-loading-'))
  const first = await startRedisServer({ folder })
  const writer = new Redis(first.url)
  await Promise.all(Array.from({ length: 3000 }, (_, number) => writer.set(`ott:${number}`, 'x')))
  const redis = await server.open('waiting', { url: first.url })
  const check = redisCheck(redis)
  writer.disconnect()
  await first.kill()
  await expect(check()).rejects.toThrow('Redis is away')

  const second = startRedisServer({ folder, port: first.port, settings: { 'key-load-delay': '500' } })
  await untilTrue(() =>
    check().then(
      () => false,
      (error: Error) => /^Redis is loading its data from disk \([\d.]+ %\)/.test(error.message),
    ),
  )
  const running = await second
  await untilTrue(() =>
    check().then(
      () => true,
      () => false,
    ),
  )
  redis.disconnect()
  await running.stop()
  await rm(folder, { recursive: true })
})
