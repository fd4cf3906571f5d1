import { Cluster } from 'ioredis'

import type { Logger } from './logger.ts'
import { connectionsOf, eachConnection, type Redis } from './redis-servers.ts'

/** A takeover in a cluster that no command has come upon is seen after this. */
const slotsRefreshMs = 5000

/** ioredis gives a silent connection up only while a command is under way. */
export function keepAsking(redis: Redis, everyMs: number): void {
  const heartbeat = setInterval(() => {
    for (const connection of connectionsOf(redis))
      if (connection.status === 'ready') connection.ping().catch(() => undefined)
  }, everyMs).unref()
  redis.once('end', () => clearInterval(heartbeat))
}

/** ioredis's own `slotsRefreshInterval` goes on for ever when the connection is closed while it asks. */
export function keepFollowing(redis: Redis): void {
  if (!(redis instanceof Cluster)) return
  const refresh = setInterval(() => {
    if (redis.status === 'ready') redis.refreshSlotsCache()
  }, slotsRefreshMs).unref()
  redis.once('end', () => clearInterval(refresh))
}

/** One line when Redis, or a node of a cluster, goes and one when it is back, however many reconnects lie between. */
export function watch(redis: Redis, address: string, logger: Logger): void {
  const away = new Set<string>()
  eachConnection(redis, (connection, name = address) => {
    let wasReady = connection.status === 'ready'
    connection.on('close', () => {
      const isOurDoing = !wasReady || redis.status === 'end' || redis.status === 'disconnecting'
      wasReady = false
      if (isOurDoing || away.has(name)) return
      away.add(name)
      logger.warn({ redis: name }, 'redis.lost')
    })
    connection.on('ready', () => {
      wasReady = true
      if (away.delete(name)) logger.info({ redis: name }, 'redis.regained')
    })
  })
}
