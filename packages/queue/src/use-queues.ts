import { afterEach, beforeAll } from '@jest/globals'
import { accepted, type DeliveryEvent, type History } from '@ott/delivery'
import { useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, type Logger, openRedis, type Redis } from '@ott/runtime'

import { DeliveryQueues } from './delivery-queues.ts'
import type { DeliveryWorkerOptions } from './delivery-worker.ts'
import type { SenderStandings } from './held-senders.ts'
import { RetentionEnvironment } from './retention.ts'

/** What tests of workers have in common. */
export const logger: Logger = createLogger('test', 'silent')
export const retention = RetentionEnvironment.parse({})

/** Senders that nothing holds back. */
const freeSenders: SenderStandings = {
  standingOf: async () => ({ passage: 'pass', hold: undefined, revision: '1' }),
  waitFor: () => Promise.reject(new Error('no sender is held back here')),
  holdBack: () => Promise.reject(new Error('no sender is held back here')),
  answered: async () => undefined,
}

/** What of a worker's options tests seldom care about. */
export const usual = {
  concurrency: 1,
  retention,
  logger,
  senders: freeSenders,
  lockMs: 20_000,
  giveUpHours: 168,
  stopLimitMs: 1000,
} satisfies Partial<DeliveryWorkerOptions>

export const sent = accepted('push', ['461230966842064897'], { requestId: 'r-1' })

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
