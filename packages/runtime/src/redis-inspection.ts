import type { Redis } from 'ioredis'

import type { Logger } from './logger.ts'
import { StartFailure } from './program.ts'
import { readAppendFsync, readInfo } from './redis-info.ts'
import { type Durability, durabilityOf, evictionFault } from './redis-policy.ts'

/** What was found at an address last. A program has several connections to one Redis, and one logger. */
const found = new WeakMap<Logger, Map<string, string>>()

/**
 * Looks at what a new connection leads to. Throws {@link StartFailure} for a Redis that evicts; one that may lose
 * acknowledged writes in a crash is warned of, once.
 */
export async function inspectAtStart(redis: Redis, address: string, logger: Logger): Promise<void> {
  const now = await inspect(redis)
  if (now.fault !== undefined) throw new StartFailure(`Redis at ${address} cannot be used: ${now.fault}.`)
  tell(now, address, logger)
}

/**
 * Looks again whenever the connection is back: a Redis that was restarted or failed over may be set otherwise. A program that
 * runs goes on, since ending it would mend nothing; its readiness, which asks each time, is red.
 */
export function inspectAgain(redis: Redis, address: string, logger: Logger): void {
  redis.on('ready', () => {
    const told = inspect(redis).then((now) => tell(now, address, logger))
    told.catch(() => undefined) // It went away again: the next 'ready' asks again.
  })
}

type Finding = { readonly fault: string | undefined; readonly durability: Durability }

async function inspect(redis: Redis): Promise<Finding> {
  const [info, appendFsync] = await Promise.all([readInfo(redis), readAppendFsync(redis)])
  return { fault: evictionFault(info), durability: durabilityOf(info, appendFsync) }
}

/** Tells what differs from what was found before; that all is well is news only when it was not. */
function tell({ fault, durability: { kept, words: durability } }: Finding, address: string, logger: Logger): void {
  const now = fault ?? durability
  const before = remember(logger, address, now)
  if (before === now) return
  if (fault !== undefined) logger.error({ redis: address, fault }, 'redis.unfit')
  else if (!kept) logger.warn({ redis: address, durability }, 'redis.not-durable')
  else if (before !== undefined) logger.info({ redis: address, durability }, 'redis.durable')
}

/** Returns what was found there before. */
function remember(logger: Logger, address: string, now: string): string | undefined {
  const byAddress = found.get(logger) ?? new Map<string, string>()
  found.set(logger, byAddress)
  const before = byAddress.get(address)
  byAddress.set(address, now)
  return before
}
