import { afterAll, beforeAll, test } from '@jest/globals'

import { type LocalRedis, startRedis } from './redis.ts'
import { type RedisCluster, type RedisClusterOptions, startRedisCluster } from './redis-cluster.ts'
import { findRedisServer } from './redis-program.ts'

export { type TcpProxy, startTcpProxy } from './tcp-proxy.ts'
export { durationOf, untilTrue } from './waiting.ts'

/** A Redis for the tests of one file: `url` is there once they run. */
export type TestRedis = {
  readonly url: string
  /** Adds something to close after the tests: in the reverse of that order, and while Redis is still there. */
  readonly onStop: (stop: () => Promise<unknown> | void) => void
}

/** A `test` that needs a Redis server of its own, to kill it, say: skipped on a machine that has but the one of REDIS_URL. */
export const testWithOwnRedis: typeof test.skip = (await findRedisServer()) === undefined ? test.skip : test

/** Starts a Redis, or what else `start` does, before the tests of one file (or one `describe`), empty at first, and stops it after them. */
export function useRedis(start: () => Promise<LocalRedis> = startRedis): TestRedis {
  let redis: LocalRedis | undefined
  const stops: (() => Promise<unknown> | void)[] = []
  beforeAll(async () => {
    redis = await start()
  })
  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop()
    await redis?.stop()
  })
  return {
    get url() {
      if (redis === undefined) throw new Error('Redis is there once the tests run: read its url in one of them')
      return redis.url
    },
    onStop: (stop) => void stops.push(stop),
  }
}

/** Starts a Redis Cluster before the tests of one file, and stops it after them: for `testWithOwnRedis`, its use is there once they run. */
export function useRedisCluster(options?: RedisClusterOptions): () => RedisCluster {
  let cluster: RedisCluster | undefined
  beforeAll(async () => {
    if ((await findRedisServer()) !== undefined) cluster = await startRedisCluster(options)
  })
  afterAll(() => cluster?.stop())
  return () => {
    if (cluster === undefined) throw new Error('the cluster is there once the tests run')
    return cluster
  }
}
