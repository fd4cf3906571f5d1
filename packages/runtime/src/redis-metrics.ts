import type { Registry } from 'prom-client'

import { type AskedGauge, exposeAsked } from './asked-gauges.ts'
import { countedMemory, readAppendFsync, readInfo, type RedisInfo } from './redis-info.ts'
import { durabilityOf } from './redis-policy.ts'
import { type Master, mastersOf, type Redis } from './redis-servers.ts'
import { within } from './within.ts'

/** Less than what all nodes together are waited for. */
const answerLimitMs = 800

/** What a server that takes writes says of itself. `info` is undefined where it does not answer, or may not be asked. */
type State = {
  readonly node: string
  readonly up: boolean
  readonly info: RedisInfo | undefined
  readonly appendFsync: string | undefined
}

/** What a single Redis is called. */
const single = 'redis'

/** What a Redis says of its memory and of what becomes of a write; of a cluster, what each of its masters does. */
export function exposeRedis(registry: Registry, redis: Redis): void {
  exposeAsked(registry, () => Promise.all(mastersOf(redis).map(readState)), gauges)
}

const gauges: readonly AskedGauge<readonly State[]>[] = [
  {
    name: 'ott_redis_up',
    help: 'Whether Redis answers: 1, or 0 when it is away or hangs.',
    labels: ['node'],
    over: 'min',
    values: (states) => states.map(({ node, up }) => ({ node, value: Number(up) })),
  },
  {
    name: 'ott_redis_durable',
    help: 'Whether every write is on disk before it is answered (appendonly, appendfsync always): 1, or 0 when not, or not known.',
    labels: ['node'],
    over: 'min',
    values: (states) =>
      states.flatMap(({ node, up, info, appendFsync }) =>
        up ? [{ node, value: Number(durabilityOf(info, appendFsync).kept) }] : [],
      ),
  },
  ofInfo('ott_redis_aof_enabled', 'Whether Redis writes to its append-only file: 1 or 0.', 'min', ({ aof_enabled }) =>
    aof_enabled === undefined ? undefined : Number(aof_enabled === '1'),
  ),
  ofInfo(
    'ott_redis_aof_last_write_ok',
    'Whether the last write to the append-only file went well: 1 or 0.',
    'min',
    ({ aof_last_write_status: status }) => (status === undefined ? undefined : Number(status === 'ok')),
  ),
  ofInfo(
    'ott_redis_memory_used_bytes',
    'Memory in use, as Redis counts it when it decides whether it is full.',
    'max',
    countedMemory,
  ),
  ofInfo(
    'ott_redis_memory_max_bytes',
    'The memory that Redis may use (maxmemory); 0 without a limit.',
    'max',
    ({ maxmemory }) => maxmemory,
  ),
]

function ofInfo(
  name: string,
  help: string,
  over: 'max' | 'min',
  valueOf: (info: RedisInfo) => number | undefined,
): AskedGauge<readonly State[]> {
  const values = (states: readonly State[]) =>
    states.flatMap(({ node, info = {} }) => {
      const value = valueOf(info)
      return value === undefined ? [] : [{ node, value }]
    })
  return { name, help, labels: ['node'], over, values }
}

async function readState({ name: node = single, connection }: Master): Promise<State> {
  const away = { node, up: false, info: undefined, appendFsync: undefined }
  // A connection of the waiting manner would hold the question until Redis is back.
  if (connection === undefined || (connection.status !== 'ready' && connection.status !== 'wait')) return away
  const asked = Promise.all([readInfo(connection), readAppendFsync(connection)])
  return within(answerLimitMs, asked, 'no answer').then(
    ([info, appendFsync]) => ({ node, up: true, info, appendFsync }),
    () => away,
  )
}
