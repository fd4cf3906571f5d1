import { expect } from '@jest/globals'

import type { RedisCluster } from './redis-cluster.ts'
import { connectRedis } from './redis-connection.ts'
import { testWithOwnRedis, useRedisCluster } from './testing.ts'

const cluster = useRedisCluster({ replicas: 1 })

testWithOwnRedis('a key is kept by its shard alone, and is there after its replica has taken over', async () => {
  const shard = await cluster().shardOf('greeting')
  await ask(cluster(), shard, 'SET', 'greeting', 'hello')
  await expect(ask(cluster(), (shard + 1) % 3, 'GET', 'greeting')).rejects.toThrow('MOVED')
  await ask(cluster(), shard, 'WAIT', '1', '5000')
  for (const how of ['crash', 'orderly'] as const) {
    const before = cluster().shards[shard]?.master
    await cluster().failOver(shard, how)
    expect(cluster().shards[shard]?.master.port).not.toBe(before?.port)
    expect(await ask(cluster(), shard, 'GET', 'greeting')).toBe('hello')
  }
})

async function ask({ shards }: RedisCluster, shard: number, ...words: string[]) {
  const redis = await connectRedis(shards[shard]?.master.url ?? '')
  return redis.call(...words).finally(() => redis.close())
}
