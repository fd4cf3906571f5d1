import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals'

import { startRedis } from './redis.ts'
import { connectRedis, type RedisConnection } from './redis-connection.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'
import { testWithOwnRedis } from './testing.ts'

const urlBefore = process.env['REDIS_URL']
let server: RedisServer
let redis: RedisConnection

beforeAll(async () => {
  server = await startRedisServer()
  redis = await connectRedis(server.url)
  process.env['REDIS_URL'] = server.url
})

beforeEach(() => redis.call('FLUSHALL'))

afterAll(async () => {
  if (urlBefore === undefined) delete process.env['REDIS_URL']
  else process.env['REDIS_URL'] = urlBefore
  redis.close()
  await server.stop()
})

async function inDatabase(number: number, ...words: string[]): Promise<string | number | null> {
  await redis.call('SELECT', String(number))
  return redis.call(...words)
}

testWithOwnRedis('with REDIS_URL set, tests get a database each, past those that hold data', async () => {
  await inDatabase(1, 'SET', 'mine', 'precious')
  const [first, second] = [await startRedis(), await startRedis()]
  expect([first.url, second.url]).toEqual([`${server.url}/0`, `${server.url}/2`])
  await Promise.all([first.stop(), second.stop()])
})

testWithOwnRedis('a hundred that ask at the same moment never share a database', async () => {
  const asked = await Promise.allSettled(Array.from({ length: 100 }, () => startRedis()))
  const given = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  expect(given.map(({ url }) => url).toSorted()).toEqual(
    Array.from({ length: 16 }, (_, number) => `${server.url}/${number}`).toSorted(),
  )
  await Promise.all(given.map(({ stop }) => stop()))
})

testWithOwnRedis('a database is given back empty, and nobody else’s data is touched', async () => {
  await inDatabase(0, 'SET', 'mine', 'precious')
  const given = await startRedis()
  await inDatabase(1, 'SET', 'left', 'behind')
  await given.stop()
  expect(await inDatabase(1, 'DBSIZE')).toBe(0)
  expect(await inDatabase(0, 'GET', 'mine')).toBe('precious')
})

testWithOwnRedis('a database whose holder was killed is taken over, data and all', async () => {
  await inDatabase(0, 'SET', 'ott-local:claim', 'ott-local-of-someone-killed')
  await inDatabase(0, 'SET', 'left', 'behind')
  const given = await startRedis()
  expect(given.url).toBe(`${server.url}/0`)
  expect(await inDatabase(0, 'EXISTS', 'left')).toBe(0)
  await given.stop()
})

testWithOwnRedis('when every database holds data, none is touched and the way out is told', async () => {
  for (let number = 0; number < 16; number += 1) await inDatabase(number, 'SET', 'mine', 'precious')
  await expect(startRedis()).rejects.toThrow(/REDIS_URL.*holds data/)
  expect(await inDatabase(15, 'GET', 'mine')).toBe('precious')
})

testWithOwnRedis('the user and password in REDIS_URL are used', async () => {
  await redis.call('ACL', 'SETUSER', 'tester', 'on', '>p:ss w@rd', '~*', '&*', '+@all')
  const url = new URL(server.url)
  url.username = 'tester'
  url.password = 'p:ss w@rd'
  process.env['REDIS_URL'] = url.href
  const given = await startRedis()
  expect(new URL(given.url).username).toBe('tester')
  await given.stop()
  url.password = 'wrong'
  process.env['REDIS_URL'] = url.href
  await expect(startRedis()).rejects.toThrow(/WRONGPASS/)
  process.env['REDIS_URL'] = server.url
})
