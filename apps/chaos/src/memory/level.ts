import type { Redis } from 'ioredis'

import { networkNames } from '../schedule.ts'

/** What of one kind there is in Redis. `bytes` is by a sample of it. */
type Kind = { readonly what: string; readonly keys: number; readonly bytes: number; readonly because: string }

/** Redis's memory, and what is in it. Bytes. */
export type Level = { readonly used: number; readonly kinds: readonly Kind[] }

const sampled = 200

/** How many deliveries were sent, and how much memory there is; cheap enough to be asked while all is running. */
export async function measure(redis: Redis): Promise<{ readonly used: number; readonly waiting: number }> {
  const waiting = await Promise.all(
    networkNames.flatMap((network) => [
      redis.llen(`ott:${network}:wait`),
      redis.zcard(`ott:${network}:prioritized`),
      redis.llen(`ott:${network}:active`),
      redis.zcard(`ott:${network}:delayed`),
    ]),
  )
  return { used: await usedMemory(redis), waiting: waiting.reduce((sum, count) => sum + count, 0) }
}

/** All that is in Redis, by kind, with the reason for which there is so much of it. */
export async function explain(redis: Redis, { retained, hours }: { retained: number; hours: number }): Promise<Level> {
  const kinds = new Map<string, string[]>()
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 5000)
    for (const key of keys) {
      const kind = kindOf(key)
      const known = kinds.get(kind)
      if (known === undefined) kinds.set(kind, [key])
      else known.push(key)
    }
    cursor = next
  } while (cursor !== '0')
  const reasons = reasonsFor(retained, hours)
  const measured = [...kinds].map(async ([what, keys]): Promise<Kind> => {
    const because = reasons.get(what) ?? 'one for each sender, client or queue'
    return { what, keys: keys.length, bytes: await sizeOf(redis, keys), because }
  })
  const all = await Promise.all(measured)
  return { used: await usedMemory(redis), kinds: all.toSorted((one, other) => other.bytes - one.bytes) }
}

function reasonsFor(retained: number, hours: number): ReadonlyMap<string, string> {
  return new Map([
    ['finished and waiting jobs', `RETAIN_SENT_COUNT ${retained} for each network`],
    ['messageKey → id', `${hours} h: a day longer than RETAIN_SENT_HOURS`],
    ['Idempotency-Key', '24 h, where one was sent'],
    ['events', 'about 1,000 for each network'],
    ['queue structures', 'an entry for each job that is kept'],
  ])
}

function kindOf(key: string): string {
  if (key.startsWith('ott:key:')) return 'messageKey → id'
  if (key.startsWith('ott:idempotency:')) return 'Idempotency-Key'
  if (/^ott:\w+:[0-9a-f-]{36}$/.test(key)) return 'finished and waiting jobs'
  if (key.endsWith(':events')) return 'events'
  return /^ott:(line|messenger):/.test(key) ? 'queue structures' : 'the rest'
}

async function sizeOf(redis: Redis, keys: readonly string[]): Promise<number> {
  const step = Math.max(1, Math.floor(keys.length / sampled))
  const sample = keys.filter((_key, index) => index % step === 0)
  const sizes = await Promise.all(sample.map(async (key) => Number(await redis.memory('USAGE', key, 'SAMPLES', 0))))
  return Math.round((sizes.reduce((sum, size) => sum + size, 0) / sample.length) * keys.length)
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
}
