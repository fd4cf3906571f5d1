import { Cluster, type Redis as Connection } from 'ioredis'

import type { Check } from './health.ts'
import { isRefusal, readAppendFsync, readClusterFault, readInfo, type RedisInfo } from './redis-info.ts'
import { durabilityOf, evictionFault } from './redis-policy.ts'
import { type Master, mastersOf, type Redis } from './redis-servers.ts'
import { keyInSlot } from './redis-slots.ts'
import { within } from './within.ts'

/** A Redis that hangs is as bad as one that is away. Below what a command of the failing manner waits. */
const checkLimitMs = 800

/** Written by each check, and gone a minute after the last. */
const healthKey = 'ott:health'
const healthSeconds = 60

/**
 * A readiness check: whether Redis takes a write, as every delivery needs it to; of a cluster, whether each of its masters does.
 * Passes with what becomes of a write in a crash; fails, within a second, with what is wrong, of which node, and what to do.
 *
 * A real write, since no answer to a question tells so surely that memory, disk, role and permissions are as they should be;
 * and INFO beside it, on the same round trip, to say in words why a write is refused, or why it should not have been taken.
 */
export function redisCheck(redis: Redis): Check {
  if (!(redis instanceof Cluster))
    return async () => `ok; ${await lookWithin(redis, redis.status === 'ready', () => look(redis, healthKey))}`
  return async () => {
    if (redis.status !== 'ready') throw new Error(`Redis is away (${redis.status}); ${comesBack}`)
    const masters = mastersOf(redis)
    const looks = await Promise.allSettled(masters.map((master) => lookAtNode(redis, master)))
    const [faults, states] = [new Map<string, string[]>(), new Map<string, string[]>()]
    for (const [index, told] of looks.entries()) {
      const [all, words] = told.status === 'fulfilled' ? [states, told.value] : [faults, messageOf(told.reason)]
      all.set(words, [...(all.get(words) ?? []), masters[index]?.name ?? ''])
    }
    if (faults.size > 0) throw new Error(inWords(faults))
    return `ok; ${states.size === 1 ? [...states.keys()].join('') : inWords(states)}`
  }
}

/** What is told of nodes, each time with their names. */
function inWords(told: ReadonlyMap<string, readonly string[]>): string {
  return [...told].map(([words, names]) => `${words} [${names.join(', ')}]`).join('; ')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function lookAtNode(cluster: Cluster, { name, connection }: Master): Promise<string> {
  if (connection === undefined) throw new Error(`Redis is away; ${comesBack}`)
  // A connection that nobody has used yet is made now.
  const isThere = connection.status === 'ready' || connection.status === 'wait'
  const key = keyInSlot(healthKey, (slot) => cluster.slots[slot]?.[0] === name)
  return lookWithin(connection, isThere, async () => {
    const fault = await readClusterFault(connection)
    if (fault !== undefined) throw new Error(fault)
    return look(connection, key)
  })
}

async function lookWithin(connection: Connection, isThere: boolean, ask: () => Promise<string>): Promise<string> {
  // A connection of the waiting manner would hold the question until Redis is back.
  if (!isThere) throw new Error(await whyAway(connection))
  return within(checkLimitMs, ask(), `Redis does not answer within ${checkLimitMs} ms: it hangs`)
}

/** Returns what becomes of a write in a crash. */
async function look(connection: Connection, key: string): Promise<string> {
  const [asked, askedFsync] = [readInfo(connection), readAppendFsync(connection)]
  const written = connection.set(key, '1', 'EX', healthSeconds)
  // On a replica a connection of the waiting manner tries the write again elsewhere: that is not waited for.
  for (const answer of [askedFsync, written]) answer.catch(() => undefined)
  const info = await asked.catch((error: unknown) => {
    throw new Error(whyRefused(error, undefined), { cause: error })
  })
  if (info?.role === 'slave') throw new Error(info.redis_mode === 'cluster' ? moved : replica)
  await written.catch((error: unknown) => {
    throw new Error(whyRefused(error, info), { cause: error })
  })
  const fault = evictionFault(info)
  if (fault !== undefined) throw new Error(`Redis is unfit: ${fault}`)
  return durabilityOf(info, await askedFsync).words
}

const replica =
  'Redis is read-only, a replica. After a failover this ends once the connection leads to the new primary; ' +
  'if it stays so, set REDIS_URL to the primary'

const moved = 'Redis has handed these keys over to another node, which is followed by itself'

const comesBack = 'it is connected to again by itself once it is back'

/** Redis's own codes: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const refusals: ReadonlyMap<string, (info: RedisInfo | undefined) => string> = new Map([
  ['READONLY', () => replica],
  ['MOVED', () => moved],
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
async function whyAway(redis: Connection): Promise<string> {
  const away = `Redis is away (${redis.status}); ${comesBack}`
  if (redis.status !== 'connect') return away
  const info = await readInfo(redis).catch(() => undefined)
  return info?.loading === '1'
    ? `Redis is loading its data from disk (${info.loading_loaded_perc ?? 0} %), and takes writes once it has`
    : away
}
