import type { Redis } from 'ioredis'
import { z } from 'zod'

/** The lines of INFO that matter here. Which there are differs between servers and versions, so that any may be missing. */
const Info = z
  .object({
    role: z.string(),
    redis_mode: z.string(),
    loading: z.string(),
    loading_loaded_perc: z.string(),
    aof_enabled: z.string(),
    aof_last_write_status: z.string(),
    maxmemory_policy: z.string(),
    maxmemory: z.coerce.number(),
    used_memory: z.coerce.number(),
    mem_not_counted_for_evict: z.coerce.number(),
  })
  .partial()

/** What a Redis says of itself, in its own words: https://redis.io/docs/latest/commands/info/ Memory is in bytes. */
export type RedisInfo = z.output<typeof Info>

/**
 * Asks for INFO rather than CONFIG, which managed services forbid. `undefined` when this Redis user may not ask. Without
 * sections: several in one question are new in Redis 7.
 */
export async function readInfo(redis: Redis): Promise<RedisInfo | undefined> {
  const text = await unlessRefused(redis.info())
  return text === undefined ? undefined : Info.parse(linesOf(text))
}

/** The setting `appendfsync`, which INFO does not tell. `undefined` where CONFIG is forbidden, or by another name. */
export async function readAppendFsync(redis: Redis): Promise<string | undefined> {
  const answer = await unlessRefused(redis.call('CONFIG', 'GET', 'appendfsync'))
  return z.tuple([z.string(), z.string()]).safeParse(answer).data?.[1]
}

/** The bytes that Redis counts when it decides whether to refuse writes: without the buffers of replicas and of the file. */
export function countedMemory({ used_memory: used, mem_not_counted_for_evict: aside = 0 }: RedisInfo) {
  return used === undefined ? undefined : used - aside
}

const slotsMax = 16_384

/** Of CLUSTER INFO: https://redis.io/docs/latest/commands/cluster-info/ */
const ClusterInfo = z.object({
  cluster_state: z.string(),
  cluster_slots_assigned: z.coerce.number(),
  cluster_slots_fail: z.coerce.number(),
})

/** What a node of a cluster knows of keys that nobody takes just now, and what to do; `undefined` when all are taken. */
export async function readClusterFault(node: Redis): Promise<string | undefined> {
  const text = z.string().safeParse(await unlessRefused(node.cluster('INFO'))).data
  const info = text === undefined ? undefined : ClusterInfo.safeParse(linesOf(text)).data
  if (info === undefined) return undefined
  const unserved = slotsMax - info.cluster_slots_assigned + info.cluster_slots_fail
  if (info.cluster_state === 'ok' && unserved === 0) return undefined
  return (
    `the cluster is not whole (cluster_state ${info.cluster_state}; ${unserved} of ${slotsMax} slots are served by no node): ` +
    'bring the nodes that are missing back, or give their slots to others (`redis-cli --cluster fix`). ' +
    'With cluster-require-full-coverage, which is usual, nothing at all is taken until then'
  )
}

/** Whether Redis itself has answered, with a refusal, as against not having answered. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError'
}

async function unlessRefused<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  return answer.catch((error: unknown) => {
    if (isRefusal(error)) return undefined
    throw error
  })
}

function linesOf(text: string): Record<string, string> {
  return Object.fromEntries(text.split('\r\n').map(nameAndValue))
}

function nameAndValue(line: string): [string, string] {
  const [name = '', ...value] = line.split(':')
  return [name, value.join(':')]
}
