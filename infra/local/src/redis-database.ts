import { randomUUID } from 'node:crypto'

import { connectRedis, type RedisConnection } from './redis-connection.ts'

const claimKey = 'ott-local:claim'

/**
 * Takes the database if it is empty, or if its claim is the one that has lost its holder: only what was empty when it was
 * claimed is ever emptied.
 */
const claimScript = `
  local holder = redis.call('GET', KEYS[1])
  if holder and holder == ARGV[2] then redis.call('FLUSHDB') end
  if redis.call('DBSIZE') > 0 then return 0 end
  redis.call('SET', KEYS[1], ARGV[1])
  return 1
`

/** A numbered database that nobody else uses: `release` leaves it as it was found, empty. */
export type ClaimedDatabase = { readonly url: string; readonly release: () => Promise<void> }

/**
 * Claims an empty numbered database of a Redis server, so that whoever calls this disturbs neither another caller nor the
 * server's owner. The claim holds as long as this process lives. Rejects when no database is empty, and for a Redis Cluster.
 */
export async function claimDatabase(serverUrl: string): Promise<ClaimedDatabase> {
  if (serverUrl.includes(','))
    throw new Error(
      'REDIS_URL: a Redis Cluster has no numbered databases to claim. Name a single Redis, or unset REDIS_URL.',
    )
  const redis = await connectRedis(serverUrl)
  const holder = `ott-local-${randomUUID()}`
  // The connection's name is what shows, to the next one who asks, that the holder still lives.
  await redis.call('CLIENT', 'SETNAME', holder)
  const database = await firstClaimed(redis, holder)
  if (database === undefined) {
    redis.close()
    throw new Error(
      `REDIS_URL: every numbered database of that Redis holds data. Empty one of them, or unset REDIS_URL.`,
    )
  }
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return {
    url: url.href,
    release: async () => {
      await redis.call('FLUSHDB')
      redis.close()
    },
  }
}

async function firstClaimed(redis: RedisConnection, holder: string): Promise<number | undefined> {
  for (let database = 0; await exists(redis, database); database += 1) {
    const lost = await lostHolder(redis)
    const claimed = await redis.call('EVAL', claimScript, '1', claimKey, holder, lost)
    if (claimed === 1) return database
  }
  return undefined
}

/** Turns to the database of that number; false where the server has so many no more. */
async function exists(redis: RedisConnection, database: number): Promise<boolean> {
  return redis.call('SELECT', String(database)).then(
    () => true,
    () => false,
  )
}

/** Who claimed the database and is connected no longer; an empty word for nobody. */
async function lostHolder(redis: RedisConnection): Promise<string> {
  const holder = String((await redis.call('GET', claimKey)) ?? '')
  const clients = String(await redis.call('CLIENT', 'LIST'))
  return clients.includes(` name=${holder} `) ? '' : holder
}
