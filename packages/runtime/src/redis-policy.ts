import type { RedisInfo } from './redis-info.ts'

/** What becomes of an acknowledged write when Redis crashes, in words. `kept`: it is certain to be there afterwards. */
export type Durability = { readonly kept: boolean; readonly words: string }

/** What makes a Redis unfit to hold deliveries whatever else is right with it, and how to mend it. */
export function evictionFault(info: RedisInfo | undefined): string | undefined {
  const policy = info?.maxmemory_policy
  if (policy === undefined || policy === 'noeviction') return undefined
  return (
    `its maxmemory-policy is ${policy}: once its memory is full it throws away deliveries that were acknowledged. ` +
    'Run `redis-cli CONFIG SET maxmemory-policy noeviction`, and put `maxmemory-policy noeviction` in its redis.conf ' +
    '(of a managed Redis: in its parameter group), so that it stays so'
  )
}

/** `appendFsync` is undefined where it could not be asked for. */
export function durabilityOf(info: RedisInfo | undefined, appendFsync: string | undefined): Durability {
  if (info?.aof_enabled === undefined) return { kept: false, words: 'durability unknown: INFO is not allowed' }
  if (info.aof_enabled === '0')
    return { kept: false, words: 'NOT durable: appendonly is off, a Redis that crashes loses deliveries' }
  switch (appendFsync) {
    case 'always':
      return { kept: true, words: 'every write is on disk before it is answered (appendonly, appendfsync always)' }
    case 'everysec':
      return { kept: false, words: 'up to a second of writes can be lost (appendfsync everysec)' }
    case 'no':
      return { kept: false, words: 'up to half a minute of writes can be lost (appendfsync no)' }
    case undefined:
    default:
      return {
        kept: false,
        words: 'durability unknown: appendonly is on, but CONFIG, which tells appendfsync, is not allowed',
      }
  }
}
