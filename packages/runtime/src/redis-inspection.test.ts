import { once } from 'node:events'

import { expect } from '@jest/globals'
import { testWithOwnRedis, untilTrue } from '@ott/local/testing'

import { readableLog } from './log-lines.ts'
import { StartFailure } from './program.ts'
import { redisCheck } from './redis-check.ts'
import { useOwnRedis } from './use-own-redis.ts'

const server = useOwnRedis()

testWithOwnRedis(
  'a program refuses a Redis that evicts, and says what was found, why it matters and what mends it',
  async () => {
    await server.set({ 'maxmemory-policy': 'allkeys-lru' })
    const opened = server.open('waiting', { url: server.url.replace('redis://', 'redis://:hunter2@') })
    await expect(opened).rejects.toThrow(StartFailure)
    await expect(opened).rejects.toThrow(
      /^Redis at redis:\/\/127.0.0.1:\d+ cannot be used: its maxmemory-policy is allkeys-lru: .*throws away deliveries.*CONFIG SET maxmemory-policy noeviction/,
    )
  },
)

testWithOwnRedis(
  'a durable Redis is nothing to talk about; one that is not is warned of once, over however many connections',
  async () => {
    const quiet = readableLog()
    await server.open('failing', quiet)
    expect(quiet.lines).toEqual([])

    await server.set({ appendfsync: 'everysec' })
    const { logger, lines } = readableLog()
    for (const manner of ['failing', 'waiting', 'waiting'] as const) await server.open(manner, { logger })
    expect(lines).toMatchObject([
      {
        level: 'warn',
        msg: 'redis.not-durable',
        durability: 'up to a second of writes can be lost (appendfsync everysec)',
      },
    ])
  },
)

testWithOwnRedis(
  'a Redis that evicts after a restart is told once, and turns readiness red, but the program goes on',
  async () => {
    const { logger, lines } = readableLog()
    const connections = [await server.open('waiting', { logger }), await server.open('failing', { logger })]
    await server.set({ 'maxmemory-policy': 'volatile-ttl' })
    const back = connections.map((redis) => once(redis, 'ready'))
    await server.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await Promise.all(back)
    const unfit = () => lines.filter(({ msg }) => msg === 'redis.unfit')
    await untilTrue(() => unfit().length > 0)
    for (const redis of connections) {
      await expect(redisCheck(redis)()).rejects.toThrow(/its maxmemory-policy is volatile-ttl.*CONFIG SET/)
      expect(await redis.get('ott:x')).toBeNull()
    }
    expect(unfit()).toMatchObject([{ level: 'error', fault: expect.stringContaining('volatile-ttl') }])
  },
)
