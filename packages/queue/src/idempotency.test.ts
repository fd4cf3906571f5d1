import { randomUUID } from 'node:crypto'

import { beforeAll, expect, test } from '@jest/globals'
import { untilTrue, useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { createIdempotencyRecords, type IdempotencyRecords } from './idempotency.ts'

const server = useRedis()
const day = 24 * 60 * 60 * 1000

let redis: Redis
let records: IdempotencyRecords

beforeAll(async () => {
  redis = await openRedis(server.url, 'failing', createLogger('test', 'silent'))
  server.onStop(() => closeRedis(redis))
  records = createIdempotencyRecords(redis)
})

const wanted = () => ({ id: randomUUID(), fingerprint: 'f' })

test('of many who claim a key at the same moment one is first, and all learn who', async () => {
  const claims = await Promise.all(Array.from({ length: 20 }, () => records.claim('shop', 'race', wanted())))
  expect(new Set(claims.map(({ id }) => id)).size).toBe(1)
  expect(await records.find('shop', 'race')).toEqual({ ...claims[0], state: 'claimed' })
})

test('what was accepted is found as such, and another account’s same key is another key', async () => {
  const first = await records.claim('shop', 'order 1', wanted())
  await records.accept('shop', 'order 1', first)
  expect(await records.find('shop', 'order 1')).toEqual({ ...first, state: 'accepted' })
  expect(await records.find('rival', 'order 1')).toBeUndefined()
  expect(await records.claim('shop', 'order 1', wanted())).toEqual({ ...first, state: 'accepted' })
})

test('a key is forgotten a day after it was first used, and does not stand in Redis as it was sent', async () => {
  const first = await records.claim('florist', 'erin@example.com', wanted())
  const [place = ''] = await keysOf('florist')
  await redis.pexpire(place, day / 2)
  await records.accept('florist', 'erin@example.com', first)
  expect(await redis.pttl(place)).toBeLessThanOrEqual(day / 2)
  expect(place).not.toContain('erin')
  expect(await redis.get(place)).not.toContain('erin')

  const brief = createIdempotencyRecords(redis, 50)
  const claimed = await brief.claim('brief', 'k', wanted())
  await untilTrue(async () => (await brief.find('brief', 'k')) === undefined)
  await brief.accept('brief', 'k', claimed)
  expect(await keysOf('brief')).toEqual([])
})

test('by default that day is 24 hours', async () => {
  await records.claim('daily', 'k', wanted())
  const [place = ''] = await keysOf('daily')
  expect(await redis.pttl(place)).toBeGreaterThan(day - 60_000)
  expect(await redis.pttl(place)).toBeLessThanOrEqual(day)
})

async function keysOf(account: string): Promise<string[]> {
  return (await redis.keys(`ott:idempotency:${account}:*`)).toSorted()
}
