import { afterAll, afterEach, beforeAll } from '@jest/globals'
import { type RedisServer, startRedisServer } from '@ott/local'
import { Cluster, Redis } from 'ioredis'

import { createLogger, type Logger } from './logger.ts'
import { closeRedis, openRedis } from './redis.ts'
import type { RedisManner, Silence } from './redis-manner.ts'

/** What a test may change, as infra/redis.conf has it: it is that again after each. */
const usual = { 'maxmemory-policy': 'noeviction', maxmemory: '0', appendonly: 'yes', appendfsync: 'always' } as const

export type OwnRedis = {
  readonly url: string
  /** As Redis's own administrator, who sees nothing of our manners. */
  readonly admin: Redis
  /** Opens a connection that is closed after the test. */
  readonly open: (manner: RedisManner, options?: { logger?: Logger; url?: string; silence?: Silence }) => Promise<Redis>
  /** As CONFIG SET does. */
  readonly set: (settings: Partial<Record<keyof typeof usual, string>>) => Promise<void>
}

/** A Redis that the tests of one file may set otherwise, or harm: never one that somebody else uses. */
export function useOwnRedis(): OwnRedis {
  const connections: Redis[] = []
  let started: Started | undefined
  const running = (): Started => {
    if (started === undefined) throw new Error('Redis is there once the tests run')
    return started
  }
  const set: OwnRedis['set'] = async (settings) => {
    for (const [name, value] of Object.entries(settings)) await running().admin.config('SET', name, value)
  }
  beforeAll(async () => {
    const server = await startRedisServer()
    started = { server, admin: new Redis(server.url) }
  })
  afterEach(async () => {
    await set(usual)
    await running().admin.replicaof('NO', 'ONE')
    for (const connection of connections.splice(0)) await closeRedis(connection)
  })
  afterAll(async () => {
    await running().admin.quit()
    await running().server.stop()
  })
  return {
    get url() {
      return running().server.url
    },
    get admin() {
      return running().admin
    },
    open: async (manner, { logger = silent, url = running().server.url, silence } = {}) => {
      const connection = await openRedis(url, manner, logger, undefined, silence)
      if (connection instanceof Cluster) throw new Error(`${url} is a cluster`)
      connections.push(connection)
      return connection
    },
    set,
  }
}

type Started = { readonly server: RedisServer; readonly admin: Redis }

const silent = createLogger('test', 'silent')
