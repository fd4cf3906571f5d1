import { freePort } from './ports.ts'
import { connectRedis } from './redis-connection.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'
import { untilTrue } from './waiting.ts'

/** Of every Redis Cluster: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ */
const slotsMax = 16_384

/** Short, so that a takeover comes soon; not shorter, or a busy machine would see nodes die that live. */
const nodeTimeoutMs = 2000

/** A takeover: the node's time-out, the others' agreement, and an election. */
const takeoverLimitMs = 30_000

export type RedisClusterOptions = {
  /** How many nodes share the keys; at least three, or the loss of one is no majority's to see. */
  readonly masters?: number
  /** How many nodes follow each of them: none or one. */
  readonly replicas?: 0 | 1
  /** What is to differ from infra/redis.conf. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Redis gives an orderly takeover up after five seconds: https://redis.io/docs/latest/commands/cluster-failover/ */
const givenUpMs = 6000

/** Nodes talk to each other on a port of its own. */
type ClusterNode = RedisServer & { readonly busPort: number }

/** One share of the keys: who serves it, and who follows. */
export type ClusterShard = { readonly master: ClusterNode; readonly replica: ClusterNode | undefined }

/** A Redis Cluster of our own, each node a process. */
export type RedisCluster = {
  /** As REDIS_URL wants it: every node that was there at first. */
  readonly url: string
  /** As they are now. */
  readonly shards: readonly ClusterShard[]
  /** Which of the shards has a key. */
  readonly shardOf: (key: string) => Promise<number>
  /**
   * Has a shard's replica take over, and resolves once it has: `crash` kills the master, and has a new, empty node follow the one
   * that took over; `orderly` has them change places, as before maintenance.
   */
  readonly failOver: (shard: number, how: 'crash' | 'orderly') => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts a cluster with infra/redis.conf on ports of this machine, and resolves once it takes commands for every key. */
export async function startRedisCluster({
  masters: count = 3,
  replicas = 0,
  settings = {},
}: RedisClusterOptions = {}): Promise<RedisCluster> {
  const start = () => startNode(settings)
  const masters = await Promise.all(Array.from({ length: count }, start))
  const followers = await Promise.all(Array.from({ length: count * replicas }, start))
  const nodes = [...masters, ...followers]
  const shards = masters.map((master, index): ClusterShard => ({ master, replica: followers[index] }))
  await Promise.all(masters.map((master, index) => giveSlots(master, index, count)))
  await join(nodes)
  for (const { master, replica } of shards) if (replica !== undefined) await follow(replica, master)
  await untilWhole(nodes)
  return {
    url: nodes.map(({ url }) => url).join(','),
    shards,
    shardOf: async (key) => {
      const slots = await Promise.all(shards.slice(0, 1).map(({ master }) => ask(master, 'CLUSTER', 'KEYSLOT', key)))
      return Math.floor((Number(slots[0]) * count) / slotsMax)
    },
    failOver: async (index, how) => {
      const shard = shards[index]
      if (shard?.replica === undefined) throw new Error('nobody can take over: start the cluster with `replicas: 1`')
      shards[index] = await takeOver(shard.master, shard.replica, how, start)
      await untilWhole(shards.flatMap(members))
    },
    stop: async () => {
      await Promise.all(shards.flatMap(members).map((node) => node.kill()))
    },
  }
}

/** Resolves with the shard as it is then. */
async function takeOver(
  master: ClusterNode,
  replica: ClusterNode,
  how: 'crash' | 'orderly',
  start: () => Promise<ClusterNode>,
): Promise<ClusterShard> {
  if (how === 'crash') await master.kill()
  await untilMaster(replica, how === 'orderly')
  if (how === 'orderly') return { master: replica, replica: master }
  const successor = await start()
  await join([replica, successor])
  await follow(successor, replica)
  return { master: replica, replica: successor }
}

/** An orderly takeover that not all nodes know enough for yet is given up by Redis, and asked for again. */
async function untilMaster(replica: RedisServer, asking: boolean): Promise<void> {
  let askedAt = -Infinity
  await untilTrue(async () => {
    if ((await ask(replica, 'INFO', 'replication')).includes('role:master')) return true
    if (asking && performance.now() - askedAt > givenUpMs) {
      await ask(replica, 'CLUSTER', 'FAILOVER')
      askedAt = performance.now()
    }
    return false
  }, takeoverLimitMs)
}

async function startNode(settings: Readonly<Record<string, string>>): Promise<ClusterNode> {
  const busPort = await freePort()
  const server = await startRedisServer({
    settings: {
      'cluster-enabled': 'yes',
      'cluster-node-timeout': String(nodeTimeoutMs),
      // Usually the port and 10,000, which a free port may be too high for.
      'cluster-port': String(busPort),
      // A node that follows gets its data at once, not when others might want it too.
      'repl-diskless-sync-delay': '0',
      ...settings,
    },
  })
  return { ...server, busPort }
}

/** An even share of the slots. */
async function giveSlots(master: RedisServer, index: number, count: number): Promise<void> {
  const [first, next] = [index, index + 1].map((share) => Math.ceil((share * slotsMax) / count))
  await ask(master, 'CLUSTER', 'ADDSLOTSRANGE', String(first), String(Number(next) - 1))
  await ask(master, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
}

/** Makes nodes known to each other: the first is told of the others, and passes it on. */
async function join([first, ...others]: readonly ClusterNode[]): Promise<void> {
  if (first === undefined) return
  for (const { port, busPort } of others)
    await ask(first, 'CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPort))
}

async function follow(replica: RedisServer, master: RedisServer): Promise<void> {
  const id = await ask(master, 'CLUSTER', 'MYID')
  await untilTrue(async () => (await ask(replica, 'CLUSTER', 'NODES')).includes(id))
  await ask(replica, 'CLUSTER', 'REPLICATE', id)
  await untilTrue(async () => (await ask(replica, 'INFO', 'replication')).includes('master_link_status:up'))
}

/** Until each node sees every slot served, and knows as many nodes as there are. */
async function untilWhole(nodes: readonly RedisServer[]): Promise<void> {
  for (const node of nodes)
    await untilTrue(async () => {
      const state = await ask(node, 'CLUSTER', 'INFO')
      return state.includes('cluster_state:ok') && state.includes(`cluster_slots_ok:${slotsMax}`)
    }, takeoverLimitMs)
}

function members({ master, replica }: ClusterShard): ClusterNode[] {
  return replica === undefined ? [master] : [master, replica]
}

async function ask({ url }: RedisServer, ...words: readonly string[]): Promise<string> {
  const redis = await connectRedis(url)
  return String(await redis.call(...words).finally(() => redis.close()))
}
