import { type RedisServer, startRedisCluster, startRedisServer } from '@ott/local'

/** The Redis of a stack: one server, or the nodes of a cluster. */
export type StackRedis = {
  /** As REDIS_URL wants it. */
  readonly url: string
  readonly servers: readonly RedisServer[]
  readonly stop: () => Promise<void>
}

export async function startSingleRedis(): Promise<StackRedis> {
  const server = await startRedisServer()
  return { url: server.url, servers: [server], stop: () => server.stop() }
}

/** Three nodes, none of them with a replica: copies would cost their own, and say nothing of what a message costs. */
export async function startClusteredRedis(): Promise<StackRedis> {
  const { url, shards, stop } = await startRedisCluster({ masters: 3, replicas: 0 })
  return { url, servers: shards.map(({ master }) => master), stop }
}
