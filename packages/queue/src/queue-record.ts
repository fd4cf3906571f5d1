import type { Redis } from '@ott/runtime'

import { prefix } from './connection.ts'
import { undividedQueue } from './queue-layout.ts'

/** By the clock of Redis: those of the processes may differ. */
const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`

const putNames = `${now}
for _, name in ipairs(ARGV) do redis.call('ZADD', KEYS[1], now, name) end`

const whenIfLongAgo = `${now}
local at = redis.call('ZSCORE', KEYS[1], ARGV[1]) or '0'
return now - at > tonumber(ARGV[2]) and at or false`

const dropIfSame = `
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])`

/** Where BullMQ has a queue's jobs. */
const placesOfJobs = ['wait', 'prioritized', 'active', 'delayed', 'completed', 'failed'] as const

/** Which queues a network has, whoever made them: their names, each with when a producer last said that it uses it. */
export class QueueRecord {
  readonly #network: string
  readonly #redis: Redis
  readonly #key: string

  /** `redis` is used, and closed by whoever opened it. */
  constructor(network: string, redis: Redis) {
    this.#network = network
    this.#redis = redis
    this.#key = `${prefix}:queues:${network}`
  }

  /** To be told again and again by a producer, for as long as it uses these queues. */
  async put(names: readonly string[]): Promise<void> {
    await this.#redis.eval(putNames, 1, this.#key, ...names)
  }

  /** The names of all queues there are, in the order of their letters. */
  async names(): Promise<readonly string[]> {
    const [recorded, undivided] = await Promise.all([this.#redis.zrange(this.#key, 0, '-1'), this.#findUndivided()])
    return [...new Set([...recorded, ...undivided])].toSorted()
  }

  /** When a queue was last put on record, if no producer has done so for longer than `ms`: a mark for {@link drop}. */
  async putLongAgo(name: string, ms: number): Promise<string | undefined> {
    const at = await this.#redis.eval(whenIfLongAgo, 1, this.#key, name, String(ms))
    return typeof at === 'string' ? at : undefined
  }

  /** Drops a queue, unless it has been put on record again since `mark`. */
  async drop(name: string, mark: string): Promise<void> {
    await this.#redis.eval(dropIfSame, 1, this.#key, name, mark)
  }

  /** Earlier releases kept no record, and may still add to their only queue. */
  async #findUndivided(): Promise<readonly string[]> {
    // They did not run on a Redis Cluster.
    if (this.#redis.isCluster) return []
    const name = undividedQueue(this.#network)
    const keys = placesOfJobs.map((place) => `${prefix}:${name}:${place}`)
    return (await this.#redis.exists(...keys)) > 0 ? [name] : []
  }
}
