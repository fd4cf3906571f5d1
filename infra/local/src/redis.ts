import { claimDatabase } from './redis-database.ts'
import { type RedisServerOptions, startRedisServer } from './redis-server.ts'

/** A Redis to work with, empty unless its folder was not. */
export type LocalRedis = { readonly url: string; readonly stop: () => Promise<void> }

/**
 * A Redis for tests: with REDIS_URL set, an empty database of that server, otherwise a server of our own. `stop` leaves
 * nothing behind.
 */
export async function startRedis(options: RedisServerOptions = {}): Promise<LocalRedis> {
  const serverUrl = process.env['REDIS_URL'] ?? ''
  if (serverUrl === '') return startRedisServer(options)
  const { url, release } = await claimDatabase(serverUrl)
  return { url, stop: release }
}
