import type { Redis } from 'ioredis'
import { z } from 'zod'

/** The lines of INFO that matter here. Which there are differs between servers and versions, so that any may be missing. */
const Info = z
  .object({
    role: z.string(),
    loading: z.string(),
    loading_loaded_perc: z.string(),
    aof_enabled: z.string(),
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
  return text === undefined ? undefined : Info.parse(Object.fromEntries(text.split('\r\n').map(nameAndValue)))
}

/** The setting `appendfsync`, which INFO does not tell. `undefined` where CONFIG is forbidden, or by another name. */
export async function readAppendFsync(redis: Redis): Promise<string | undefined> {
  const answer = await unlessRefused(redis.call('CONFIG', 'GET', 'appendfsync'))
  return z.tuple([z.string(), z.string()]).safeParse(answer).data?.[1]
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

function nameAndValue(line: string): [string, string] {
  const [name = '', ...value] = line.split(':')
  return [name, value.join(':')]
}
