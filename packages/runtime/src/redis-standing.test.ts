import { describe, expect } from '@jest/globals'
import { testWithOwnRedis, useRedisCluster } from '@ott/local/testing'

import { createLogger } from './logger.ts'
import { closeRedis, openRedis } from './redis.ts'
import { mastersOf } from './redis-servers.ts'
import { readStanding } from './redis-standing.ts'
import { useOwnRedis } from './use-own-redis.ts'

const server = useOwnRedis()
const megabyte = 1024 ** 2

testWithOwnRedis('how full a Redis is, and what becomes of its writes, is read as it is set now', async () => {
  const redis = await server.open('failing')
  expect(await readStanding(redis)).toEqual({
    used: expect.any(Number),
    limit: 0,
    durability: { kept: true, words: expect.stringContaining('appendfsync always') },
    unfit: undefined,
  })
  await server.set({ maxmemory: String(64 * megabyte), appendfsync: 'everysec', 'maxmemory-policy': 'allkeys-lru' })
  const { used, limit, durability, unfit } = await readStanding(redis)
  expect(limit).toBe(64 * megabyte)
  expect(used).toBeGreaterThan(megabyte / 2)
  expect(durability).toEqual({ kept: false, words: 'up to a second of writes can be lost (appendfsync everysec)' })
  expect(unfit).toContain('allkeys-lru')
})

testWithOwnRedis('a user who may not ask is told that it is not known', async () => {
  await server.admin.call('ACL', 'SETUSER', 'dispatcher', 'on', '>secret', '~*', '&*', '+@all', '-@dangerous')
  const redis = await server.open('failing', { url: server.url.replace('redis://', 'redis://dispatcher:secret@') })
  expect(await readStanding(redis)).toMatchObject({ used: undefined, durability: { kept: false } })
})

describe('of a cluster', () => {
  const cluster = useRedisCluster()

  testWithOwnRedis('the fullest and the least durable of its nodes count', async () => {
    const redis = await openRedis(cluster().url, 'failing', createLogger('test', 'silent'))
    try {
      expect(await readStanding(redis)).toMatchObject({ limit: 0, durability: { kept: true } })
      const [, last] = mastersOf(redis)
      await last?.connection?.config('SET', 'appendfsync', 'no')
      await last?.connection?.config('SET', 'maxmemory', String(64 * megabyte))
      const { limit, durability } = await readStanding(redis)
      expect([limit, durability.words]).toEqual([64 * megabyte, expect.stringContaining('half a minute')])
    } finally {
      await closeRedis(redis)
    }
  })
})
