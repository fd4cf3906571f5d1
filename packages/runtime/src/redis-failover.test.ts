import { once } from 'node:events'

import { expect } from '@jest/globals'
import { freePort, startRedisServer } from '@ott/local'
import { startTcpProxy, testWithOwnRedis, untilTrue } from '@ott/local/testing'

import { closeRedis } from './redis.ts'
import type { RedisManner } from './redis-manner.ts'
import type { Redis } from './redis-servers.ts'
import { useOwnRedis } from './use-own-redis.ts'

const server = useOwnRedis()

/** As in production, but for the time it takes. */
const silence = { heartbeatMs: 50, limitMs: 500 }

/** Not `once` of node:events, which an error ends. */
function untilLost(redis: Redis): Promise<void> {
  return new Promise((resolve) => redis.once('reconnecting', () => resolve()))
}

testWithOwnRedis(
  'a connection whose other end vanished without a word is made anew, and its commands are answered',
  async () => {
    const proxy = await startTcpProxy(server.url)
    const redis = await server.open('waiting', { url: proxy.url, silence })
    const listener = await server.open('waiting', { url: proxy.url, silence })
    const heard: string[] = []
    listener.on('message', (_channel: string, message: string) => void heard.push(message))
    await listener.subscribe('ott:news')

    proxy.silence()
    const asked = Array.from({ length: 3 }, () => redis.incr('ott:count'))
    await Promise.all([redis, listener].map(untilLost))
    proxy.leadTo(server.url)
    expect(await Promise.all(asked)).toEqual([1, 2, 3])
    await untilTrue(async () => {
      await server.admin.publish('ott:news', 'x')
      return heard.length > 0
    })
    await Promise.all([closeRedis(redis), closeRedis(listener)])
    await proxy.close()
  },
)

testWithOwnRedis(
  'a command that waits for work, as BullMQ’s do, is neither cut short nor left behind on a dead connection',
  async () => {
    const proxy = await startTcpProxy(server.url)
    const redis = await server.open('waiting', { url: proxy.url, silence })
    const waiter = redis.duplicate().on('error', () => undefined)
    await waiter.connect()
    let reconnects = 0
    waiter.on('reconnecting', () => (reconnects += 1))
    expect(await waiter.bzpopmin('ott:work', 0.3)).toBeNull()
    expect(reconnects).toBe(0)

    const work = waiter.bzpopmin('ott:work', 0.4)
    proxy.silence()
    await untilLost(waiter)
    await server.admin.zadd('ott:work', 1, 'delivery')
    proxy.leadTo(server.url)
    expect(await work).toEqual(['ott:work', 'delivery', '1'])
    waiter.disconnect()
    await closeRedis(redis)
    await proxy.close()
  },
)

testWithOwnRedis(
  'a command that waits for work at a primary that becomes a replica waits on at the new one',
  async () => {
    const primary = await startRedisServer()
    const proxy = await startTcpProxy(server.url)
    const redis = await server.open('waiting', { url: proxy.url })
    const work = redis.bzpopmin('ott:work', 10)
    await untilTrue(async () => (await server.admin.info('clients')).includes('blocked_clients:1'))
    proxy.leadTo(primary.url)
    await server.admin.replicaof('127.0.0.1', await freePort())
    const other = await server.open('waiting', { url: primary.url })
    await other.zadd('ott:work', 1, 'delivery')
    expect(await work).toEqual(['ott:work', 'delivery', '1'])
    await server.admin.replicaof('no', 'one')
    await Promise.all([closeRedis(redis), closeRedis(other)])
    await proxy.close()
    await primary.stop()
  },
)

testWithOwnRedis.each<RedisManner>(['failing', 'waiting'])(
  'a %s connection leaves what has become a replica for the new primary',
  async (manner) => {
    const primary = await startRedisServer()
    const proxy = await startTcpProxy(server.url)
    const redis = await server.open(manner, { url: proxy.url })
    await server.admin.replicaof('127.0.0.1', await freePort())
    proxy.leadTo(primary.url)
    const back = once(redis, 'ready')
    const written = redis.set('ott:x', '1')
    // Whoever waits for an answer gets one; background work does not lose its write.
    if (manner === 'failing') await expect(written).rejects.toThrow('READONLY')
    else expect(await written).toBe('OK')
    await back
    expect(await redis.set('ott:x', '2')).toBe('OK')
    expect(await server.admin.get('ott:x')).toBeNull()
    await closeRedis(redis)
    await proxy.close()
    await primary.stop()
  },
)

testWithOwnRedis('a program that is told to end does so while Redis hangs', async () => {
  const proxy = await startTcpProxy(server.url)
  const redis = await server.open('waiting', { url: proxy.url })
  proxy.silence()
  await closeRedis(redis)
  await untilTrue(() => redis.status === 'end')
  await proxy.close()
})
