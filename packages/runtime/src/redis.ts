import { setTimeout as wait } from 'node:timers/promises'

import { Redis, type RedisOptions } from 'ioredis'

import type { Check } from './health.ts'
import type { Logger } from './logger.ts'
import { StartFailure } from './program.ts'

/** A start waits this long for Redis, so that both may be started at the same moment. */
const startLimitMs = 10_000

/** A Redis that hangs is as bad as one that is away. */
const checkLimitMs = 1000

/**
 * How commands behave while Redis is away. `failing`: they fail at once, for a caller who waits for an answer. `waiting`:
 * they wait until it is back, for background work.
 */
export type RedisManner = 'failing' | 'waiting'

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

/** Connects, and resolves once Redis answers. Throws {@link StartFailure} when it does not within `limitMs`, ten seconds. */
export async function openRedis(
  url: string,
  manner: RedisManner,
  logger: Logger,
  limitMs = startLimitMs,
): Promise<Redis> {
  const redis = new Redis(url, {
    ...manners[manner],
    lazyConnect: true,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 1000),
  })
  let lastError: Error | undefined
  redis.on('error', (error: Error) => (lastError = error))
  await untilReady(redis, limitMs, () => new StartFailure(whyUnreachable(url, lastError)))
  watch(redis, redisAddress(url), logger)
  return redis
}

/** Ends a connection once its commands are answered; at once when Redis is away. */
export async function closeRedis(redis: Redis): Promise<void> {
  const quitted = redis.status === 'ready' && (await redis.quit().catch(() => undefined)) !== undefined
  if (!quitted) redis.disconnect()
}

/** A readiness check: whether Redis answers. */
export function redisCheck(redis: Redis): Check {
  return async () => {
    // A connection of the waiting manner would hold the question until Redis is back.
    if (redis.status !== 'ready') throw new Error(`Redis is away (${redis.status})`)
    await Promise.race([redis.ping(), tooLate()])
    return 'ok'
  }
}

/** Rejects once an answer would be of no use to whoever asks for readiness. */
async function tooLate(): Promise<never> {
  await wait(checkLimitMs, undefined, { ref: false })
  throw new Error(`Redis does not answer within ${checkLimitMs} ms`)
}

/** Where Redis is, without user and password. */
export function redisAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

async function untilReady(redis: Redis, limitMs: number, failure: () => Error): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const limit = setTimeout(() => {
    redis.disconnect()
    reject(failure())
  }, limitMs)
  redis.once('ready', resolve)
  redis.connect().catch(() => undefined) // Reconnecting goes on by itself; the limit above decides.
  await promise.finally(() => clearTimeout(limit))
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

function whyUnreachable(url: string, error: Error | undefined): string {
  const reason = error === undefined ? 'no answer' : error.message || String((error as NodeJS.ErrnoException).code)
  return (
    `Redis cannot be reached at ${redisAddress(url)} (${reason}). ` +
    'Start it there, or set REDIS_URL; `npm start` in the repository starts one of its own.'
  )
}
