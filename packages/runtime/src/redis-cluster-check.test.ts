import { afterEach, expect } from '@jest/globals'
import { testWithOwnRedis, untilTrue, useRedisCluster } from '@ott/local/testing'
import { Redis as Connection } from 'ioredis'

import { createLogger } from './logger.ts'
import { createMemoryGuard } from './memory-guard.ts'
import { closeRedis, openRedis } from './redis.ts'
import { redisCheck } from './redis-check.ts'
import type { Redis } from './redis-servers.ts'

const cluster = useRedisCluster()
const logger = createLogger('test', 'silent')
const connections: Redis[] = []

afterEach(async () => {
  for (const { url } of masters()) await onNode(url, (node) => node.config('SET', 'maxmemory-policy', 'noeviction'))
  for (const connection of connections.splice(0)) await closeRedis(connection)
})

const masters = () => cluster().shards.map(({ master }) => master)

async function open(url = cluster().url): Promise<Redis> {
  const connection = await openRedis(url, 'failing', logger)
  connections.push(connection)
  return connection
}

async function onNode<Answer>(url: string, use: (node: Connection) => Promise<Answer>): Promise<Answer> {
  const node = new Connection(url)
  return use(node).finally(() => node.disconnect())
}

testWithOwnRedis('readiness writes to every master, and says once what is so of all of them', async () => {
  expect(await redisCheck(await open())()).toBe(
    'ok; every write is on disk before it is answered (appendonly, appendfsync always)',
  )
  const written = await Promise.all(masters().map(({ url }) => onNode(url, (node) => node.keys('ott:health*'))))
  expect(written.map(({ length }) => length)).toEqual([1, 1, 1])
})

testWithOwnRedis('readiness names the node that is not as it should be', async () => {
  const redis = await open()
  const { url = '', port } = masters()[1] ?? {}
  await onNode(url, (node) => node.config('SET', 'appendfsync', 'everysec'))
  expect(await redisCheck(redis)()).toMatch(
    new RegExp(`up to a second of writes can be lost \\(appendfsync everysec\\) \\[127.0.0.1:${port}\\]`),
  )
  await onNode(url, (node) => node.config('SET', 'appendfsync', 'always'))
  await onNode(url, (node) => node.config('SET', 'maxmemory-policy', 'allkeys-lru'))
  await expect(redisCheck(redis)()).rejects.toThrow(
    new RegExp(`^Redis is unfit: its maxmemory-policy is allkeys-lru[^]* \\[127.0.0.1:${port}\\]$`),
  )
  await expect(open()).rejects.toThrow(`Redis at 127.0.0.1:${port} cannot be used: its maxmemory-policy is allkeys-lru`)
})

testWithOwnRedis('a cluster is as full as its fullest master', async () => {
  const guard = createMemoryGuard(await open(), { percent: 90, logger, everyMs: 20 })
  const { url = '', port } = masters()[2] ?? {}
  await untilTrue(async () => (await guard.check()) === 'ok; without a limit (maxmemory 0)')
  await onNode(url, (node) => node.config('SET', 'maxmemory', '1gb'))
  await untilTrue(async () => (await guard.check()).endsWith(`by 127.0.0.1:${port}, the fullest node`))
  await onNode(url, (node) => node.config('SET', 'maxmemory', '1'))
  await untilTrue(() => guard.whyNotNow()?.includes(`127.0.0.1:${port}`) === true)
  await onNode(url, (node) => node.config('SET', 'maxmemory', '0'))
  await untilTrue(() => guard.whyNotNow() === undefined)
  guard.close()
})

testWithOwnRedis('slots that nobody serves are told at a start, and by readiness', async () => {
  const redis = await open()
  const { url = '' } = masters()[0] ?? {}
  for (const master of masters()) await onNode(master.url, (node) => node.cluster('DELSLOTS', 1, 2))
  await expect(redisCheck(redis)()).rejects.toThrow(/the cluster is not whole.*2 of 16384 slots are served by no node/)
  await expect(openRedis(cluster().url, 'failing', logger, 500)).rejects.toThrow(/the cluster is not whole/)
  await onNode(url, (node) => node.cluster('ADDSLOTS', 1, 2))
  await untilTrue(() =>
    redisCheck(redis)().then(
      () => true,
      () => false,
    ),
  )
})
