import type { Redis } from 'ioredis'

import type { Check } from './health.ts'
import { isRefusal, readAppendFsync, readInfo, type RedisInfo } from './redis-info.ts'
import { durabilityOf, evictionFault } from './redis-policy.ts'
import { within } from './within.ts'

/** A Redis that hangs is as bad as one that is away. Below what a command of the failing manner waits. */
const checkLimitMs = 800

/** Written by each check, and gone a minute after the last. */
const healthKey = 'ott:health'
const healthSeconds = 60

/**
 * A readiness check: whether Redis takes a write, as every delivery needs it to. Passes with what becomes of a write in a
 * crash; fails, within a second, with what is wrong and what to do.
 *
 * A real write, since no answer to a question tells so surely that memory, disk, role and permissions are as they should be;
 * and INFO beside it, on the same round trip, to say in words why a write is refused, or why it should not have been taken.
 */
export function redisCheck(redis: Redis): Check {
  return () => within(checkLimitMs, look(redis), `Redis does not answer within ${checkLimitMs} ms: it hangs`)
}

async function look(redis: Redis): Promise<string> {
  // A connection of the waiting manner would hold the question until Redis is back.
  if (redis.status !== 'ready') throw new Error(await whyAway(redis))
  const [asked, askedFsync] = [readInfo(redis), readAppendFsync(redis)]
  const written = redis.set(healthKey, '1', 'EX', healthSeconds)
  // On a replica a connection of the waiting manner tries the write again elsewhere: that is not waited for.
  for (const answer of [askedFsync, written]) answer.catch(() => undefined)
  const info = await asked.catch((error: unknown) => {
    throw new Error(whyRefused(error, undefined), { cause: error })
  })
  if (info?.role === 'slave') throw new Error(replica)
  await written.catch((error: unknown) => {
    throw new Error(whyRefused(error, info), { cause: error })
  })
  const fault = evictionFault(info)
  if (fault !== undefined) throw new Error(`Redis is unfit: ${fault}`)
  return `ok; ${durabilityOf(info, await askedFsync).words}`
}

const replica =
  'Redis is read-only, a replica. After a failover this ends once the connection leads to the new primary; ' +
  'if it stays so, set REDIS_URL to the primary'

/** Redis's own codes: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const refusals: ReadonlyMap<string, (info: RedisInfo | undefined) => string> = new Map([
  ['READONLY', () => replica],
  ['LOADING', () => 'Redis is loading its data from disk, and takes writes once it has'],
  ['OOM', (info: RedisInfo | undefined) => `Redis is out of memory${limitOf(info)}: raise its maxmemory`],
])

function limitOf(info: RedisInfo | undefined): string {
  return info?.maxmemory === undefined ? '' : ` (maxmemory is ${info.maxmemory} bytes)`
}

function whyRefused(error: unknown, info: RedisInfo | undefined): string {
  if (!isRefusal(error)) return 'Redis is away, or hangs: the connection ended before it answered'
  const told = refusals.get(error.message.split(' ')[0] ?? '')
  return told === undefined ? `Redis refuses writes: ${error.message}` : told(info)
}

/** While Redis loads its data it answers INFO, though the connection is not ready for anything else. */
async function whyAway(redis: Redis): Promise<string> {
  const away = `Redis is away (${redis.status}); it is connected to again by itself once it is back`
  if (redis.status !== 'connect') return away
  const info = await readInfo(redis).catch(() => undefined)
  return info?.loading === '1'
    ? `Redis is loading its data from disk (${info.loading_loaded_perc ?? 0} %), and takes writes once it has`
    : away
}
