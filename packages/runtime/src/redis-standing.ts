import { fullest, toLevel } from './memory-level.ts'
import { readAppendFsync, readInfo } from './redis-info.ts'
import { type Durability, durabilityOf } from './redis-policy.ts'
import { type Master, mastersOf, type Redis } from './redis-servers.ts'

/**
 * How full a Redis is, in bytes, and what becomes of what it has acknowledged: of a cluster, by the fullest and by the least
 * durable of its nodes. Without maxmemory the limit is 0. `used` is undefined where it may not be asked.
 */
export type RedisStanding = {
  readonly used: number | undefined
  readonly limit: number
  readonly durability: Durability
  /** Why it would throw deliveries away, where it would, and how to mend that. */
  readonly unfit: string | undefined
}

/** Asks each master. Rejects when one of them is away. */
export async function readStanding(redis: Redis): Promise<RedisStanding> {
  const nodes = await Promise.all(mastersOf(redis).map(ask))
  const level = fullest(new Map(nodes.map(({ name, level: found }) => [name, found])))
  const least = nodes.find(({ durability }) => !durability.kept) ?? nodes[0]
  if (least === undefined) throw new Error('Redis is away: none of its nodes is known')
  return { used: level?.used, limit: level?.limit ?? 0, durability: least.durability, unfit: level?.unfit }
}

async function ask({ name, connection }: Master) {
  if (connection === undefined) throw new Error(`Redis node ${name} is away`)
  const [info, appendFsync] = await Promise.all([readInfo(connection), readAppendFsync(connection)])
  return { name, level: toLevel(name, info), durability: durabilityOf(info, appendFsync) }
}
