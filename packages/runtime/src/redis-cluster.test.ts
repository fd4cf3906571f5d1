import { once } from 'node:events'

import { afterEach, expect } from '@jest/globals'
import { durationOf, testWithOwnRedis, untilTrue, useRedisCluster } from '@ott/local/testing'
import { Cluster } from 'ioredis'

import { createLogger } from './logger.ts'
import { readableLog } from './log-lines.ts'
import { closeRedis, openRedis } from './redis.ts'
import type { RedisManner, Silence } from './redis-manner.ts'
import type { Redis } from './redis-servers.ts'
import { isRedisTrouble } from './redis-trouble.ts'

const cluster = useRedisCluster({ replicas: 1 })
const manners: readonly RedisManner[] = ['failing', 'waiting']
const silent = createLogger('test', 'silent')
const connections: Redis[] = []

afterEach(async () => {
  for (const connection of connections.splice(0)) await closeRedis(connection)
})

async function open(manner: RedisManner, logger = silent, silence?: Silence): Promise<Redis> {
  const connection = await openRedis(cluster().url, manner, logger, undefined, silence)
  connections.push(connection)
  return connection
}

/** One key for each shard. */
async function aKeyOfEach(): Promise<string[]> {
  const keys: string[] = []
  for (let number = 0; keys.flat().length < cluster().shards.length; number += 1)
    keys[await cluster().shardOf(`ott:${number}`)] ??= `ott:${number}`
  return keys
}

testWithOwnRedis.each(manners)('on a %s connection each command goes to the node that has its key', async (manner) => {
  const redis = await open(manner)
  expect(redis.status).toBe('ready')
  const keys = await aKeyOfEach()
  expect(await Promise.all(keys.map((key) => redis.set(key, key)))).toEqual(['OK', 'OK', 'OK'])
  expect(await Promise.all(keys.map((key) => redis.get(key)))).toEqual(keys)
})

testWithOwnRedis('a program that is given one node of a cluster is told to list them all', async () => {
  const [shard] = cluster().shards
  await expect(openRedis(shard?.master.url ?? '', 'failing', silent)).rejects.toThrow(
    /Redis at redis:\/\/127.0.0.1:\d+ is a node of a Redis Cluster. List its nodes in REDIS_URL, separated by commas/,
  )
})

testWithOwnRedis('while a node that crashed has no successor, only what is kept there fails, and at once', async () => {
  const { logger, lines } = readableLog()
  const redis = await open('failing', logger)
  const [lost = '', ...others] = await aKeyOfEach()
  await Promise.all([lost, ...others].map((key) => redis.set(key, '1')))
  const back = cluster().failOver(0, 'crash')
  await untilTrue(() => lines.some(({ msg }) => msg === 'redis.lost'))
  const refused = redis.set(lost, '2').catch((error: unknown) => error)
  expect(await durationOf(() => refused)).toBeLessThan(1000)
  const refusal = await refused
  expect([isRedisTrouble(refusal), String(refusal)]).toEqual([true, expect.any(String)])
  expect(await Promise.all(others.map((key) => redis.set(key, '2')))).toEqual(['OK', 'OK'])
  await back
  await untilTrue(async () =>
    redis.set(lost, '3').then(
      () => true,
      (error) => !isRedisTrouble(error),
    ),
  )
  expect(await redis.get(lost)).toBe('3')
})

testWithOwnRedis('work that waits goes on with the node that took over', async () => {
  const redis = await open('waiting')
  const [, key = ''] = await aKeyOfEach()
  await redis.set(key, '0')
  const back = cluster().failOver(1, 'crash')
  await untilTrue(() => redis instanceof Cluster && redis.nodes('master').length < 3)
  const asked = Promise.all(Array.from({ length: 50 }, () => redis.incr(key)))
  expect((await asked).toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: 50 }, (_, index) => index + 1),
  )
  await back
})

const infos = (redis: Cluster) => redis.nodes('master').map((node) => node.info('clients'))

testWithOwnRedis('an orderly takeover is followed without a command lost, a blocking one among them', async () => {
  const redis = await open('waiting')
  const [, , key = ''] = await aKeyOfEach()
  // As BullMQ makes the connection that its workers wait on.
  if (!(redis instanceof Cluster)) throw new Error('not a cluster')
  const waiter = redis.duplicate(undefined, {
    redisOptions: { ...redis.options.redisOptions, connectionName: 'waiter' },
  })
  connections.push(waiter.on('error', () => undefined))
  await waiter.connect()
  const work = waiter.bzpopmin(`{${key}}:work`, 10)
  await untilTrue(async () => /blocked_clients:1/.test(String(await Promise.all(infos(redis)))))
  await cluster().failOver(2, 'orderly')
  await redis.set(key, 'x')
  await redis.zadd(`{${key}}:work`, 1, 'delivery')
  expect(await work).toEqual([`{${key}}:work`, 'delivery', '1'])
})

testWithOwnRedis('a node that hangs without a word is left for the one that takes over', async () => {
  const redis = await open('waiting', silent, { heartbeatMs: 50, limitMs: 500 })
  const failing = await open('failing')
  const key = (await aKeyOfEach())[0] ?? ''
  await Promise.all([redis.set(key, '1'), failing.set(key, '1')])
  const hung = cluster().shards[0]?.master.pid ?? 0
  process.kill(hung, 'SIGSTOP')
  const refused = durationOf(() => expect(failing.set(key, '2')).rejects.toThrow('Command timed out'))
  const written = durationOf(async () => expect(await redis.set(key, '3')).toBe('OK'))
  expect(await refused).toBeLessThan(1000)
  expect(await written).toBeLessThan(15_000)
  process.kill(hung, 'SIGCONT')
})

testWithOwnRedis('a cluster that is wholly gone is connected to again once it is back', async () => {
  const redis = await open('waiting')
  const away = once(redis, 'reconnecting')
  redis.disconnect(true)
  await away
  expect(await redis.set('ott:x', '1')).toBe('OK')
})
