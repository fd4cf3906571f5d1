import { once } from 'node:events'
import { connect } from 'node:net'

import { expect, test } from '@jest/globals'
import { freePort } from '@ott/local'
import { useRedis } from '@ott/local/testing'

import { createLogger } from './logger.ts'
import { closeRedis, openRedis } from './redis.ts'
import type { Redis } from './redis-servers.ts'
import { isRedisTrouble } from './redis-trouble.ts'

const server = useRedis()

/** What a command on a connection of its own rejects with. */
async function rejection(command: (redis: Redis) => Promise<unknown>): Promise<unknown> {
  const redis = await openRedis(server.url, 'failing', createLogger('test', 'silent'))
  try {
    await command(redis)
  } catch (error) {
    return error
  } finally {
    await closeRedis(redis)
  }
  throw new Error('the command was done')
}

test.each<[string, (redis: Redis) => Promise<unknown>]>([
  ['is away', (redis) => (redis.disconnect(true), redis.get('x'))],
  ['is closed', (redis) => (redis.disconnect(), redis.get('x'))],
  [
    'goes with a command under way',
    (redis) => Promise.all([redis.blpop('x', 0), redis.call('CLIENT', 'KILL', 'SKIPME', 'no')]),
  ],
  ['hangs', (redis) => Promise.all([redis.call('CLIENT', 'PAUSE', '1200', 'ALL'), redis.get('x')])],
  ['takes no such login', (redis) => redis.auth('nobody', 'wrong')],
  ['is a replica', (redis) => refusal(redis, 'READONLY You can’t write against a read only replica.')],
  ['is full', (redis) => refusal(redis, "OOM command not allowed when used memory > 'maxmemory'.")],
  ['still loads', (redis) => refusal(redis, 'LOADING Redis is loading the dataset in memory')],
])('it is trouble with Redis when it %s', async (_what, command) => {
  const error = await rejection(command)
  expect([isRedisTrouble(error), String(error)]).toEqual([true, expect.any(String)])
})

test('it is trouble with Redis when nothing listens there', async () => {
  const socket = connect(await freePort(), '127.0.0.1')
  const [refused] = await once(socket, 'error')
  expect(isRedisTrouble(refused)).toBe(true)
})

test.each<[string, (redis: Redis) => Promise<unknown>]>([
  ['a command that Redis does not know', (redis) => redis.call('GTE', 'x')],
  ['a value of another type', async (redis) => (await redis.set('text', 'x'), redis.lpush('text', 'y'))],
  ['a script that does not work', (redis) => redis.eval('return nothing.at.all', 0)],
  ['a fault that is not of Redis', () => Promise.reject(new TypeError('undefined is not a function'))],
  ['what is not even an error', () => Promise.reject('x')],
])('it is a fault of our own: %s', async (_what, command) => {
  expect(isRedisTrouble(await rejection(command))).toBe(false)
})

/** Redis's own words, from Redis itself. */
function refusal(redis: Redis, words: string): Promise<unknown> {
  return redis.eval('return redis.error_reply(ARGV[1])', 0, words)
}
