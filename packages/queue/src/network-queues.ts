import type { Redis } from '@ott/runtime'

import { type NetworkQueue, openQueue } from './connection.ts'
import { QueueRecord } from './queue-record.ts'

/** A network's queues, of whatever layout, as they are on record; each is opened once, when it is first met. */
export class NetworkQueues {
  readonly network: string
  readonly #redis: Redis
  readonly #record: QueueRecord
  readonly #expected: readonly string[]
  readonly #opened = new Map<string, NetworkQueue>()
  #known: ReadonlySet<string>

  /** `expected` are known from the start, on record or not. `redis` is used, and closed by whoever opened it. */
  constructor(network: string, redis: Redis, expected: readonly string[] = []) {
    this.network = network
    this.#redis = redis
    this.#record = new QueueRecord(network, redis)
    this.#expected = expected
    this.#known = new Set(expected)
  }

  /** Those that are known so far; no call to Redis. */
  get known(): readonly NetworkQueue[] {
    return [...this.#known].map((name) => this.open(name))
  }

  /** Looks at the record: the queues there are now. */
  async all(): Promise<readonly NetworkQueue[]> {
    this.#known = new Set([...this.#expected, ...(await this.#record.names())])
    return this.known
  }

  /** One queue by its name, known or not. */
  open(name: string): NetworkQueue {
    const opened = this.#opened.get(name) ?? openQueue(name, this.#redis)
    this.#opened.set(name, opened)
    return opened
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened.values()].map((queue) => queue.close()))
  }
}
