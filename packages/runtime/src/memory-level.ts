import type { Redis as Connection } from 'ioredis'

import { countedMemory, readInfo } from './redis-info.ts'
import { evictionFault } from './redis-policy.ts'
import { mastersOf, type Redis } from './redis-servers.ts'
import { within } from './within.ts'

/** An answer that is not there by then tells nothing of now. */
const answerLimitMs = 1000

/** How full a Redis, or a node of a cluster, is. Bytes; without maxmemory the limit is 0. `unfit`: it would throw deliveries away. */
export type Level = {
  readonly node: string | undefined
  readonly used: number
  readonly limit: number
  readonly unfit: string | undefined
}

/** By node; of a single Redis there is but one, without a name. `undefined` for one that may not be asked. */
export type Levels = ReadonlyMap<string | undefined, Level | undefined>

/** Of each that does not answer, what it said last. */
export async function readLevels(redis: Redis, before: Levels): Promise<Levels> {
  const entries = mastersOf(redis).map(async ({ name, connection }) => {
    const last = before.has(name) ? [[name, before.get(name)] as const] : []
    if (connection === undefined) return last
    const asked = within(answerLimitMs, readLevel(name, connection), 'no answer')
    return asked.then(
      (level) => [[name, level] as const],
      () => last,
    )
  })
  return new Map((await Promise.all(entries)).flat())
}

/** One that is unfit goes before all others. */
export function fullest(levels: Levels): Level | undefined {
  const [most] = [...levels.values()]
    .filter((level) => level !== undefined)
    .toSorted((one, other) => rank(other) - rank(one))
  return most
}

/** Of maxmemory; 0 without one. */
export function percentOf(level: Level | undefined): number {
  return level === undefined || level.limit === 0 ? 0 : (100 * level.used) / level.limit
}

function rank(level: Level): number {
  return level.unfit === undefined ? percentOf(level) : Infinity
}

async function readLevel(node: string | undefined, connection: Connection): Promise<Level | undefined> {
  const info = await readInfo(connection)
  const used = info && countedMemory(info)
  if (used === undefined || info?.maxmemory === undefined) return undefined
  const fault = evictionFault(info)
  const unfit = fault === undefined ? undefined : `Redis${node === undefined ? '' : ` node ${node}`} is unfit: ${fault}`
  return { node, used, limit: info.maxmemory, unfit }
}
