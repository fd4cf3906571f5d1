import { afterEach, beforeEach, expect } from '@jest/globals'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { connectRedis } from './redis-connection.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'
import { testWithOwnRedis } from './testing.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ott-local-test-'))
})

afterEach(() => rm(folder, { recursive: true }))

async function ask(url: string, ...words: string[]): Promise<string | number | null> {
  const redis = await connectRedis(url)
  return redis.call(...words).finally(() => redis.close())
}

/** Names and values, one after the other. */
async function settings({ port }: RedisServer, ...names: string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1')
  socket.write([...names.map((name) => `CONFIG GET ${name}`), 'QUIT', ''].join('\r\n'))
  return (await text(socket)).split('\r\n').filter((line) => /^[a-z\d/]/.test(line))
}

testWithOwnRedis(
  'Redis acknowledges a write when it is on disk, gives up no job for room, and is open to this machine alone',
  async () => {
    const redis = await startRedisServer()
    expect(await settings(redis, 'appendonly', 'appendfsync', 'maxmemory-policy', 'bind')).toEqual([
      'appendonly',
      'yes',
      'appendfsync',
      'always',
      'maxmemory-policy',
      'noeviction',
      'bind',
      '127.0.0.1 -::1',
    ])
    await redis.stop()
  },
)

testWithOwnRedis('what was written is there again after a crash', async () => {
  const first = await startRedisServer({ folder: join(folder, 'new', 'data') })
  await ask(first.url, 'SET', 'greeting', 'hello')
  await first.kill()
  const second = await startRedisServer({ folder: join(folder, 'new', 'data'), port: first.port })
  expect(second.url).toBe(first.url)
  expect(await ask(second.url, 'GET', 'greeting')).toBe('hello')
  await second.stop()
})

testWithOwnRedis('without a folder of its own it leaves none behind, whether stopped or crashed', async () => {
  const [stopped, killed] = await Promise.all([startRedisServer(), startRedisServer()])
  const folders = (await Promise.all([settings(stopped, 'dir'), settings(killed, 'dir')])).map(([, dir]) => String(dir))
  expect(folders.map((name) => existsSync(name))).toEqual([true, true])
  await stopped.stop()
  await killed.kill()
  expect(folders.map((name) => existsSync(name))).toEqual([false, false])
})

testWithOwnRedis('a port that is taken is told in Redis’s own words', async () => {
  const redis = await startRedisServer()
  await expect(startRedisServer({ port: redis.port })).rejects.toThrow(/Address already in use/)
  await redis.stop()
})
