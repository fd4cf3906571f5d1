import { afterEach, beforeAll } from '@jest/globals'
import type { DeliveryEvent, History } from '@ott/delivery'
import { useRedis } from '@ott/local/testing'
import { closeRedis, openRedis, type Redis } from '@ott/runtime'

import { DeliveryQueues } from './delivery-queues.ts'
import { logger, retention } from './testing.ts'

/** For tests: these networks' queues on a Redis of the file's own. */
export function useQueues(networks: readonly string[]) {
  const server = useRedis()
  const opened: { redis?: Redis; queues?: DeliveryQueues } = {}
  const stops: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    const redis = await openRedis(server.url, 'waiting', logger)
    server.onStop(() => closeRedis(redis))
    const queues = new DeliveryQueues(networks, redis, retention)
    server.onStop(() => queues.close())
    Object.assign(opened, { redis, queues })
  })
  // A worker that does not stop fails the test that started it.
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop()
  })

  const queues = (): DeliveryQueues => there(opened.queues)
  return {
    server,
    redis: (): Redis => there(opened.redis),
    queues,
    /** How many scripts Redis has run: what a connection runs first, it sends with its text. */
    scriptsRun: async (): Promise<number> =>
      [...(await there(opened.redis).info('commandstats')).matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)].reduce(
        (sum, [, calls]) => sum + Number(calls),
        0,
      ),
    /** Adds something to stop after the test, in the reverse of that order. */
    afterTest: (stop: () => Promise<unknown>) => void stops.push(stop),
    history: async (id: string): Promise<History | undefined> => queues().find('shop', id),
    lastEvent: async (id: string): Promise<DeliveryEvent | undefined> =>
      (await queues().find('shop', id))?.events.at(-1),
  }
}

function there<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('the queues are there once the tests run')
  return thing
}
