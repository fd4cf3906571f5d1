import { test } from '@jest/globals'
import { startRedisCluster } from '@ott/local'
import { type TestRedis, testWithOwnRedis, useRedis as useSingleRedis } from '@ott/local/testing'

/** Whether the whole suite runs on a Redis Cluster: `npm run test:cluster`. */
const onCluster = process.env['E2E_REDIS'] === 'cluster'

/** A `test` of what is there on a single Redis of our own only, and so would show nothing of a cluster: skipped on one. */
export const testOnSingleRedis: typeof test.skip = onCluster ? test.skip : testWithOwnRedis

/** An empty Redis for the tests of one file, or a Redis Cluster of three nodes where the suite runs on one. */
export function useRedis(): TestRedis {
  return onCluster ? useSingleRedis(() => startRedisCluster()) : useSingleRedis()
}
