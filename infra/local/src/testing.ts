import { afterAll, beforeAll } from '@jest/globals'

import { type LocalRedis, startRedis } from './redis.ts'

export { untilTrue } from './waiting.ts'

/** A Redis for the tests of one file: `url` is there once they run. */
export type TestRedis = {
  readonly url: string
  /** Adds something to close after the tests: in the reverse of that order, and while Redis is still there. */
  readonly onStop: (stop: () => Promise<unknown> | void) => void
}

/** Starts a Redis before the tests of one file (or one `describe`), empty at first, and stops it after them. */
export function useRedis(): TestRedis {
  let redis: LocalRedis | undefined
  const stops: (() => Promise<unknown> | void)[] = []
  beforeAll(async () => {
    redis = await startRedis()
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
