import { setTimeout } from 'node:timers/promises'

import { Cluster, Redis as Connection } from 'ioredis'
import { z } from 'zod'

import { countRunningTime } from './command-time.ts'
import type { Logger } from './logger.ts'
import { StartFailure } from './program.ts'
import { inspectAgain, inspectAtStart } from './redis-inspection.ts'
import { clusterOptions, connectionOptions, loginOptions, type RedisManner, silences } from './redis-manner.ts'
import type { Redis } from './redis-servers.ts'
import { parseClusterUrl, redisAddress } from './redis-url.ts'
import { keepAsking, keepFollowing, watch } from './redis-watch.ts'
import { takingTurns } from './turning-connector.ts'
import { within } from './within.ts'

countRunningTime()

/** A start waits this long for Redis, so that both may be started at the same moment. */
const startLimitMs = 10_000

/** While a cluster is not whole yet. */
const startPauseMs = 200

/** Somebody waits for this program to end. */
const closeLimitMs = 2000

/**
 * Connects to the Redis of a URL, or to the Redis Cluster of one that lists several nodes, and resolves once it answers. Throws
 * {@link StartFailure} when it does not within `limitMs`, ten seconds, and when it is one that would throw deliveries away.
 */
export async function openRedis(
  url: string,
  manner: RedisManner,
  logger: Logger,
  limitMs = startLimitMs,
  silence = silences[manner],
): Promise<Redis> {
  const cluster = parseClusterUrl(url)
  const redis =
    cluster === undefined
      ? new Connection(url, connectionOptions(manner, silence))
      : new Cluster([...cluster.nodes], clusterOptions(cluster, manner, silence))
  const address = redisAddress(url)
  await start(redis, address, limitMs, () => inspectAtStart(redis, address, logger))
  inspectAgain(redis, address, logger)
  keepFollowing(redis)
  watch(redis, address, logger)
  keepAsking(redis, silence.heartbeatMs)
  return redis
}

/**
 * Connects for listening to what is published, of the waiting manner. In a cluster every node hears everything: this leads to one
 * of those that the URL lists, and to the next when that goes, as a single Redis's connection is made anew. Whoever listens
 * subscribes at each `ready`: of ioredis's own subscribing nobody learns that it failed, and the process ends of it.
 */
export async function openSubscriber(url: string, logger: Logger, silence = silences.waiting): Promise<Connection> {
  const cluster = parseClusterUrl(url)
  const options = { ...connectionOptions('waiting', silence), autoResubscribe: false }
  const redis =
    cluster === undefined
      ? new Connection(url, options)
      : new Connection({ ...options, ...loginOptions(cluster), Connector: takingTurns(cluster.nodes) })
  const address = redisAddress(url)
  await start(redis, address, startLimitMs, () => Promise.resolve())
  watch(redis, address, logger)
  keepAsking(redis, silence.heartbeatMs)
  return redis
}

/** Ends a connection once its commands are answered; at once when Redis is away, and soon when it hangs. */
export async function closeRedis(redis: Redis): Promise<void> {
  const quitted =
    redis.status === 'ready' &&
    (await within(closeLimitMs, redis.quit(), 'Redis hangs').catch(() => undefined)) !== undefined
  if (!quitted) redis.disconnect()
}

async function start(redis: Redis, address: string, limitMs: number, inspect: () => Promise<void>): Promise<void> {
  let lastError: unknown
  redis.on('error', (error: unknown) => (lastError = error))
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  redis.once('ready', resolve)
  redis.connect().catch(() => undefined) // Reconnecting goes on by itself; the limit decides.
  const late = new AbortController()
  const fit = ready.then(() => untilFit(inspect, late.signal, (error) => (lastError = error)))
  try {
    await within(limitMs, fit, 'no answer')
  } catch (error) {
    late.abort()
    redis.disconnect()
    throw error instanceof StartFailure ? error : new StartFailure(whyUnreachable(address, lastError))
  }
}

/** A cluster may still be forming, or be failing over. */
async function untilFit(
  inspect: () => Promise<void>,
  late: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!late.aborted) {
    try {
      return await inspect()
    } catch (error) {
      if (error instanceof StartFailure) throw error
      onError(error)
      await setTimeout(startPauseMs)
    }
  }
}

/** Of all nodes of a cluster failing, ioredis tells the last one's reason. */
const Unreachable = z.object({
  message: z.string(),
  code: z.string().optional(),
  lastNodeError: z.object({ message: z.string() }).optional(),
})

function whyUnreachable(address: string, error: unknown): string {
  const { message, code, lastNodeError } = Unreachable.safeParse(error).data ?? { message: 'no answer' }
  return (
    `Redis cannot be reached at ${address} (${lastNodeError?.message || message || code}). ` +
    'Start it there, or set REDIS_URL to where it is; `npm start` without REDIS_URL starts one of its own.'
  )
}
