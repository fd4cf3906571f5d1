import type { Redis as Connection } from 'ioredis'

import type { Logger } from './logger.ts'
import { StartFailure } from './program.ts'
import { readAppendFsync, readClusterFault, readInfo } from './redis-info.ts'
import { type Durability, durabilityOf, evictionFault } from './redis-policy.ts'
import { eachConnection, mastersOf, type Redis } from './redis-servers.ts'

/** What was found at an address last. A program has several connections to one Redis, and one logger. */
const found = new WeakMap<Logger, Map<string, string>>()

/**
 * Looks at what a new connection leads to: every master, of a cluster. Throws {@link StartFailure} for a Redis that evicts, and
 * another Error for what may pass; one that may lose acknowledged writes in a crash is warned of, once.
 */
export async function inspectAtStart(redis: Redis, address: string, logger: Logger): Promise<void> {
  for (const { name = address, connection } of mastersOf(redis)) {
    if (connection === undefined) throw new Error(`its node ${name} is away`)
    const now = await inspect(connection).catch((cause: unknown) => {
      throw new Error(`its node ${name} does not answer`, { cause })
    })
    if (now.mode === 'cluster' && connection === redis) throw new StartFailure(loneNode(address))
    if (now.fault !== undefined) throw new StartFailure(`Redis at ${name} cannot be used: ${now.fault}.`)
    const incomplete = connection === redis ? undefined : await readClusterFault(connection)
    if (incomplete !== undefined) throw new Error(incomplete)
    tell(now, name, logger)
  }
}

function loneNode(address: string): string {
  return (
    `Redis at ${address} is a node of a Redis Cluster. List its nodes in REDIS_URL, separated by commas, two of them at least: ` +
    'redis://host:port,redis://host:port; of an address that leads to all of them, the same twice.'
  )
}

/**
 * Looks again whenever a connection is back: a Redis that was restarted or failed over may be set otherwise. A program that
 * runs goes on, since ending it would mend nothing; its readiness, which asks each time, is red.
 */
export function inspectAgain(redis: Redis, address: string, logger: Logger): void {
  eachConnection(redis, (connection, name = address) => {
    connection.on('ready', () => {
      const told = inspect(connection).then((now) => tell(now, name, logger))
      told.catch(() => undefined) // It went away again: the next 'ready' asks again.
    })
  })
}

type Finding = {
  readonly fault: string | undefined
  readonly durability: Durability
  readonly mode: string | undefined
}

async function inspect(connection: Connection): Promise<Finding> {
  const [info, appendFsync] = await Promise.all([readInfo(connection), readAppendFsync(connection)])
  return { fault: evictionFault(info), durability: durabilityOf(info, appendFsync), mode: info?.redis_mode }
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
