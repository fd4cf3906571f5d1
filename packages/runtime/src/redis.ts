import { Redis, type RedisOptions } from 'ioredis'

import { CorkingConnector } from './corking-connector.ts'
import type { Logger } from './logger.ts'
import { StartFailure } from './program.ts'
import { inspectAgain, inspectAtStart } from './redis-inspection.ts'
import { within } from './within.ts'

/** A start waits this long for Redis, so that both may be started at the same moment. */
const startLimitMs = 10_000

/** Somebody waits for this program to end. */
const closeLimitMs = 2000

/**
 * How commands behave while Redis is away. `failing`: they fail at once, for a caller who waits for an answer. `waiting`:
 * they wait until it is back, for background work.
 */
export type RedisManner = 'failing' | 'waiting'

/**
 * When a connection whose other end has vanished without a word is given up, and made anew. `heartbeatMs`: how often a word
 * is asked for, so that one that only listens is found out too. `limitMs`: no answer to anything for so long.
 */
export type Silence = { readonly heartbeatMs: number; readonly limitMs: number }

const silences: Readonly<Record<RedisManner, Silence>> = {
  failing: { heartbeatMs: 1000, limitMs: 3000 },
  // BullMQ's workers wait for deliveries on a duplicate of such a connection, in silence, for ten seconds at most
  // (maximumBlockTimeout in its redis-queue-backend.js).
  waiting: { heartbeatMs: 3000, limitMs: 12_000 },
}

const manners: Readonly<Record<RedisManner, RedisOptions>> = {
  // Nothing is resent after a reconnect either: the caller has been told, and would be answered twice.
  failing: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: 900,
  },
  waiting: { maxRetriesPerRequest: null },
}

export type { Redis }

/**
 * Connects, and resolves once Redis answers. Throws {@link StartFailure} when it does not within `limitMs`, ten seconds, and
 * when it is one that would throw deliveries away.
 */
export async function openRedis(
  url: string,
  manner: RedisManner,
  logger: Logger,
  limitMs = startLimitMs,
  silence = silences[manner],
): Promise<Redis> {
  const redis = new Redis(url, {
    ...manners[manner],
    ...reconnection(manner),
    socketTimeout: silence.limitMs,
    Connector: CorkingConnector,
    lazyConnect: true,
    // While Redis loads its data: how often it is asked whether it is done.
    maxLoadingRetryTime: 500,
  })
  let lastError: Error | undefined
  redis.on('error', (error: Error) => (lastError = error))
  const address = redisAddress(url)
  try {
    await within(limitMs, start(redis, address, logger), 'no answer')
  } catch (error) {
    redis.disconnect()
    throw error instanceof StartFailure ? error : new StartFailure(whyUnreachable(address, lastError))
  }
  watch(redis, address, logger)
  inspectAgain(redis, address, logger)
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

/** Where Redis is, without user and password. */
export function redisAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

async function start(redis: Redis, address: string, logger: Logger): Promise<void> {
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  redis.once('ready', resolve)
  redis.connect().catch(() => undefined) // Reconnecting goes on by itself; the caller's limit decides.
  await ready
  await inspectAtStart(redis, address, logger)
}

/** A replica that is still one is asked again at this pace. */
const replicaPauseMs = 1000

/**
 * After a failover a connection may still lead to the old primary, now a replica, that refuses writes for ever: only a new
 * connection finds the new one. A command of the waiting manner is taken along there; alone, even if it was part of a MULTI,
 * so that what must be done together is a script.
 */
function reconnection(manner: RedisManner): RedisOptions {
  let refusedAt = -Infinity
  let leaving = false
  return {
    reconnectOnError: (error) => {
      if (!/\bREADONLY\b/.test(error.message)) return false
      refusedAt = performance.now()
      if (manner === 'waiting') return 2
      // Of a burst of refusals the first is enough to leave the connection; the others fail either way.
      const isFirst = !leaving
      leaving = true
      return isFirst ? 1 : false
    },
    // Asked once the connection is gone.
    retryStrategy: (times) => {
      leaving = false
      return performance.now() - refusedAt < replicaPauseMs
        ? replicaPauseMs
        : Math.min(50 * 2 ** Math.min(times, 6), 1000)
    },
  }
}

/** ioredis gives a silent connection up only while a command is under way. */
function keepAsking(redis: Redis, everyMs: number): void {
  const heartbeat = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(() => undefined)
  }, everyMs).unref()
  redis.once('end', () => clearInterval(heartbeat))
}

/** One line when Redis goes and one when it is back, however many reconnects lie between. */
function watch(redis: Redis, address: string, logger: Logger): void {
  let away = false
  redis.on('reconnecting', () => {
    if (away) return
    away = true
    logger.warn({ redis: address }, 'redis.lost')
  })
  redis.on('ready', () => {
    away = false
    logger.info({ redis: address }, 'redis.regained')
  })
}

function whyUnreachable(address: string, error: Error | undefined): string {
  const reason = error === undefined ? 'no answer' : error.message || String((error as NodeJS.ErrnoException).code)
  return (
    `Redis cannot be reached at ${address} (${reason}). ` +
    'Start it there, or set REDIS_URL to where it is; `npm start` without REDIS_URL starts one of its own.'
  )
}
