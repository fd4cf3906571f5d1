import { expect } from '@jest/globals'
import { testWithOwnRedis, useRedisCluster } from '@ott/local/testing'
import { Registry } from 'prom-client'

import { createLogger } from './logger.ts'
import { closeRedis, openRedis } from './redis.ts'
import { exposeRedis } from './redis-metrics.ts'
import { useOwnRedis } from './use-own-redis.ts'

const server = useOwnRedis()
const cluster = useRedisCluster()

testWithOwnRedis('of Redis it is told whether it is durable, and how full it is', async () => {
  const registry = new Registry()
  exposeRedis(registry, await server.open('failing'))
  await server.set({ maxmemory: '50000000' })
  const good = await registry.metrics()
  for (const name of ['up', 'durable', 'aof_enabled', 'aof_last_write_ok'])
    expect(good).toContain(`ott_redis_${name}{node="redis"} 1\n`)
  expect(good).toContain('ott_redis_memory_max_bytes{node="redis"} 50000000\n')
  expect(Number(/^ott_redis_memory_used_bytes\{node="redis"\} (\d+)$/m.exec(good)?.[1])).toBeGreaterThan(500_000)

  await server.set({ appendfsync: 'everysec' })
  expect(await registry.metrics()).toContain('ott_redis_durable{node="redis"} 0\n')
  await server.set({ appendonly: 'no' })
  expect(await registry.metrics()).toContain('ott_redis_aof_enabled{node="redis"} 0\n')
})

testWithOwnRedis(
  'a Redis that hangs is down, and nothing else is told of it; what its program measures is',
  async () => {
    const registry = new Registry()
    exposeRedis(registry, await server.open('waiting'))
    await server.admin.client('PAUSE', 1500, 'ALL')
    const metrics = await registry.metrics()
    expect(metrics).toContain('ott_redis_up{node="redis"} 0\n')
    expect(metrics).not.toMatch(/^ott_redis_(durable|memory_used_bytes)\{/m)
  },
)

testWithOwnRedis('of a Redis Cluster each node that has keys is told of, under its own name', async () => {
  const redis = await openRedis(cluster().url, 'failing', createLogger('test', 'silent'))
  const registry = new Registry()
  exposeRedis(registry, redis)
  const metrics = await registry.metrics()
  await closeRedis(redis)
  for (const { master } of cluster().shards)
    expect(metrics).toContain(`ott_redis_durable{node="${new URL(master.url).host}"} 1\n`)
})
