import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'

import { expect, test } from '@jest/globals'
import { freePort } from '@ott/local'
import { startTcpProxy, untilTrue, useRedis } from '@ott/local/testing'

import { createLogger } from './logger.ts'
import { closeRedis, openRedis, openSubscriber } from './redis.ts'
import { redisCheck } from './redis-check.ts'
import { redisAddress } from './redis-url.ts'

const server = useRedis()
const logger = createLogger('test', 'silent')

test('a program that finds no Redis says where it looked, and what to do', async () => {
  const nowhere = `redis://user:hunter2@127.0.0.1:${await freePort()}`
  const opened = openRedis(nowhere, 'waiting', logger, 300)
  await expect(opened).rejects.toThrow(
    /Redis cannot be reached at redis:\/\/127.0.0.1:\d+ \(.*ECONNREFUSED.*\)\. Start it there, or set REDIS_URL/,
  )
  await expect(opened).rejects.toThrow(/^(?![^]*hunter2)/)
})

test('a Redis that answers passes the check, and one that is away fails it at once', async () => {
  const redis = await openRedis(server.url, 'waiting', logger)
  expect(await redisCheck(redis)()).toMatch(/^ok; /)
  redis.disconnect()
  await untilTrue(() => redis.status === 'end')
  await expect(redisCheck(redis)()).rejects.toThrow('Redis is away')
})

test('on a failing connection a command fails at once while Redis is away', async () => {
  const redis = await openRedis(server.url, 'failing', logger)
  const back = once(redis, 'ready')
  redis.disconnect(true)
  await expect(redis.get('x')).rejects.toThrow()
  await back
  expect(await redis.get('x')).toBeNull()
  await closeRedis(redis)
})

// An error that nobody catches would fail the test, as it would end a program that is about to end in order.
test('a subscriber is closed in order at whatever moment of its being made anew', async () => {
  const redis = await openRedis(server.url, 'waiting', logger)
  let isMade = false
  for (let turns = 1; !isMade; turns *= 1.2) {
    const subscriber = await openSubscriber(server.url, logger)
    const [ended, connected] = [once(subscriber, 'end'), once(subscriber, 'connect')]
    await subscriber.subscribe('ott:news')
    await redis.client('KILL', 'TYPE', 'PUBSUB')
    await connected
    for (let turn = 1; turn < turns; turn += 1) await setImmediate()
    isMade = subscriber.status === 'ready'
    await closeRedis(subscriber)
    await ended
  }
  await closeRedis(redis)
})

test('a program that stood still takes the answers that came meanwhile, on a failing connection too', async () => {
  const redis = await openRedis(server.url, 'failing', logger)
  server.onStop(() => closeRedis(redis))
  const asked = redis.get('x')
  await setImmediate()
  const askedLate = redis.get('y')
  standStill(1500)
  expect(await Promise.all([asked, askedLate])).toEqual([null, null])
})

test('a command that gets no answer is given up even where the process stands still again and again', async () => {
  const proxy = await startTcpProxy(server.url)
  server.onStop(() => proxy.close())
  const redis = await openRedis(proxy.url, 'failing', logger, undefined, { heartbeatMs: 60_000, limitMs: 6000 })
  server.onStop(() => closeRedis(redis))
  proxy.silence()
  const standingStill = setInterval(() => standStill(400), 10)
  const asked = redis.get('x').finally(() => clearInterval(standingStill))
  await expect(asked).rejects.toThrow('Command timed out')
})

/** As a stalled host has it: nothing in this process goes on. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

test('an address is shown without user and password', () => {
  expect(redisAddress('rediss://user:hunter2@redis.example:6380/3')).toBe('rediss://redis.example:6380/3')
})

test('a program logs in to Redis as the user in the URL, and needs no key or channel but those that begin with ott', async () => {
  const admin = await openRedis(server.url, 'failing', logger)
  await admin.call(
    'ACL',
    'SETUSER',
    'dispatcher',
    'on',
    '>hunter2',
    '~ott:*',
    '&ott:*',
    '+@all',
    '-@dangerous',
    '+info',
  )
  const url = server.url.replace('redis://', 'redis://dispatcher:hunter2@')
  const redis = await openRedis(url, 'failing', logger)
  expect(await redis.call('ACL', 'WHOAMI')).toBe('dispatcher')
  expect(await redis.set('ott:x', '1')).toBe('OK')
  await expect(redis.set('x', '1')).rejects.toThrow('NOPERM')
  await closeRedis(redis)
  await expect(openRedis(url.replace('hunter2', 'wrong'), 'failing', logger, 300)).rejects.toThrow(/WRONGPASS/)
  await closeRedis(admin)
})
