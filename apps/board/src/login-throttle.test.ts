import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { createLoginThrottle } from './login-throttle.ts'

const server = useRedis()

let redis: Redis

beforeAll(async () => {
  redis = await openRedis(server.url, 'waiting', createLogger('test', 'silent'))
  server.onStop(() => closeRedis(redis))
})
beforeEach(() => redis.flushall())

/** Makes so many attempts at once, each told how long to wait. */
function attempts(count: number, attempt: (index: number) => Promise<number>): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => attempt(index)))
}

test('one address may make ten attempts in a quarter of an hour, whatever names it tries', async () => {
  const throttle = createLoginThrottle(redis)
  const waits = await attempts(11, (index) => throttle.attempt(`name-${index}`, '198.51.100.1'))
  expect(waits.filter((seconds) => seconds === 0)).toHaveLength(10)
  expect(Math.max(...waits)).toBeGreaterThan(890)
  expect(await throttle.attempt('name-1', '198.51.100.2')).toBe(0)
})

test('whoever has a network of version 6 has no more attempts than with one address', async () => {
  const throttle = createLoginThrottle(redis)
  const waits = await attempts(11, (index) => throttle.attempt(`name-${index}`, `2001:db8:1:2::${index + 1}`))
  expect(waits.filter((seconds) => seconds === 0)).toHaveLength(10)
  expect(await throttle.attempt('name-1', '2001:db8:1:3::1')).toBe(0)
})

test('an attempt that was no guess is taken back from the whole network of version 6', async () => {
  const throttle = createLoginThrottle(redis)
  for (let login = 0; login < 20; login++) {
    expect(await throttle.attempt('erin', `2001:db8:1:2::${login}`)).toBe(0)
    await throttle.forgive('erin', `2001:db8:1:2::${login}`)
  }
})

test('fifty attempts at one name may be made, whatever the addresses', async () => {
  const throttle = createLoginThrottle(redis)
  const waits = await attempts(51, (index) => throttle.attempt('erin', `198.51.100.${index}`))
  expect(waits.filter((seconds) => seconds === 0)).toHaveLength(50)
  expect(await throttle.attempt('frank', '203.0.113.1')).toBe(0)
})

test('one address alone cannot lock a name', async () => {
  const throttle = createLoginThrottle(redis)
  await attempts(100, () => throttle.attempt('erin', '198.51.100.1'))
  expect(await throttle.attempt('erin', '198.51.100.2')).toBe(0)
})

test('all boards with the same Redis count together', async () => {
  const boards = [createLoginThrottle(redis), createLoginThrottle(redis)]
  const waits = await attempts(11, async (index) => (await boards[index % 2]?.attempt('erin', '198.51.100.1')) ?? 0)
  expect(waits.filter((seconds) => seconds > 0)).toHaveLength(1)
})

test('an attempt that was no guess is not held against anybody', async () => {
  const throttle = createLoginThrottle(redis)
  for (let login = 0; login < 60; login++) {
    expect(await throttle.attempt('erin', '198.51.100.1')).toBe(0)
    await throttle.forgive('erin', '198.51.100.1')
  }
})
