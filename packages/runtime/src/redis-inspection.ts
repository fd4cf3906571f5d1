import type { Redis } from 'ioredis'

import type { Logger } from './logger.ts'
import { StartFailure } from './program.ts'
import { readAppendFsync, readInfo } from './redis-info.ts'
import { durabilityOf, evictionFault } from './redis-policy.ts'

/** What was found at an address last. A program has several connections to one Redis, and one logger. */
const found = new WeakMap<Logger, Map<string, string>>()

/**
 * Looks at what a new connection leads to. Throws {@link StartFailure} for a Redis that evicts; one that may lose
 * acknowledged writes in a crash is warned of, once.
 */
export async function inspectAtStart(redis: Redis, address: string, logger: Logger): Promise<void> {
  const fault = await inspect(redis, address, logger)
  if (fault !== undefined) throw new StartFailure(`Redis at ${address} cannot be used: ${fault}.`)
}

/**
 * Looks again whenever the connection is back: a Redis that was restarted or failed over may be set otherwise. A program that
 * runs goes on, since ending it would mend nothing; its readiness, which asks each time, is red.
 */
export function inspectAgain(redis: Redis, address: string, logger: Logger): void {
  redis.on('ready', () => {
    const inspected = inspect(redis, address, logger)
    inspected.catch(() => undefined) // It went away again: the next 'ready' asks again.
  })
}

/** Tells what is new, and returns what is wrong. */
async function inspect(redis: Redis, address: string, logger: Logger): Promise<string | undefined> {
  const [info, appendFsync] = await Promise.all([readInfo(redis), readAppendFsync(redis)])
  const fault = evictionFault(info)
  const { kept, words: durability } = durabilityOf(info, appendFsync)
  const before = remember(logger, address, fault ?? durability)
  if (before === (fault ?? durability)) return fault
  if (fault !== undefined) logger.error({ redis: address, fault }, 'redis.unfit')
  else if (!kept) logger.warn({ redis: address, durability }, 'redis.not-durable')
  else if (before !== undefined) logger.info({ redis: address, durability }, 'redis.durable')
  return fault
}

/** Returns what was found there before. */
function remember(logger: Logger, address: string, now: string): string | undefined {
  const byAddress = found.get(logger) ?? new Map<string, string>()
  found.set(logger, byAddress)
  const before = byAddress.get(address)
  byAddress.set(address, now)
  return before
}
