import { beforeAll } from '@jest/globals'

import { Fleet } from './fleet.ts'
import type { FleetOptions } from './fleet-options.ts'
import { useRedis } from './use-redis.ts'

/** A fleet for the tests of one file, with a Redis of its own: started before them, stopped orderly after them. */
export function useFleet(options: Omit<FleetOptions, 'redisUrl'> = {}, redis = useRedis()): () => Fleet {
  const started: { fleet?: Fleet } = {}
  beforeAll(async () => {
    const fleet = await Fleet.start({ redisUrl: redis.url, ...options })
    redis.onStop(() => fleet.stop())
    started.fleet = fleet
  })
  return () => {
    if (started.fleet === undefined) throw new Error('the fleet is there once the tests run')
    return started.fleet
  }
}
