import { randomBytes } from 'node:crypto'

import { beforeAll, expect, test } from '@jest/globals'
import { useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { createSessions, sessionSeconds, type SessionsOptions } from './sessions.ts'

const server = useRedis()
const key = randomBytes(32)
const users = new Map([
  ['erin', 'scrypt$a$b'],
  ['frank', 'scrypt$c$d'],
])

let redis: Redis

beforeAll(async () => {
  redis = await openRedis(server.url, 'waiting', createLogger('test', 'silent'))
  server.onStop(() => closeRedis(redis))
})

/** The sessions of a board; each call stands for one more process, or for one started again. */
function sessionsOf(changes: Partial<SessionsOptions> = {}) {
  return createSessions({ users, key, redis, ...changes })
}

test('a session is its user’s, and boards with the same key know it', async () => {
  const token = await sessionsOf().start('erin')
  expect(await sessionsOf().find(token)).toMatchObject({ name: 'erin', id: expect.any(String) })
})

test('a session ends by itself after its time, to the second', async () => {
  const start = Date.now()
  const at = (seconds: number) => sessionsOf({ now: () => start + seconds * 1000 })
  const token = await at(0).start('erin')
  expect(await at(sessionSeconds - 1).find(token)).toMatchObject({ secondsLeft: 1 })
  expect(await at(sessionSeconds).find(token)).toBeUndefined()
})

test.each<[string, Partial<SessionsOptions>]>([
  ['with another key', { key: randomBytes(32) }],
  ['once the user has another password', { users: new Map([['erin', 'scrypt$new$new']]) }],
  ['once the user is removed', { users: new Map([['frank', 'scrypt$c$d']]) }],
])('a session is none %s', async (_when, changes) => {
  const token = await sessionsOf().start('erin')
  expect(await sessionsOf(changes).find(token)).toBeUndefined()
})

test('who ends a session ends it on all boards, and no one else’s', async () => {
  const [ended, other] = [await sessionsOf().start('erin'), await sessionsOf().start('erin')]
  const session = await sessionsOf().find(ended)
  if (session === undefined) throw new Error('there is no session to end')
  await sessionsOf().end(session)
  expect(await sessionsOf().find(ended)).toBeUndefined()
  expect(await sessionsOf().find(other)).toBeDefined()
})

test('what is kept of an ended session goes when it would have ended anyway', async () => {
  const session = await sessionsOf().find(await sessionsOf().start('erin'))
  if (session === undefined) throw new Error('there is no session to end')
  await sessionsOf().end(session)
  expect(await redis.ttl(`ott:board:ended-session:${session.id}`)).toBeGreaterThan(sessionSeconds - 10)
})
