import type { Redis } from 'ioredis'

const atATime = 5000

/** A database that can be brought back to the keys it had: what is in them is left as it is. */
export class EmptyDatabase {
  readonly #redis: Redis
  #kept: ReadonlySet<string> | undefined

  constructor(redis: Redis) {
    this.#redis = redis
  }

  /** What is there now belongs to it. */
  async remember(): Promise<void> {
    const kept = new Set<string>()
    for await (const keys of this.#pages()) for (const key of keys) kept.add(key)
    this.#kept = kept
  }

  /** Removes every key that has come since. */
  async restore(): Promise<void> {
    const kept = this.#kept
    if (kept === undefined) return
    for await (const keys of this.#pages()) await this.#remove(keys.filter((key) => !kept.has(key)))
  }

  /** Each by itself: a cluster's node takes no command for keys of several slots, though it has them all. */
  async #remove(keys: readonly string[]): Promise<void> {
    const answers = await this.#redis.pipeline(keys.map((key) => ['unlink', key])).exec()
    for (const [error] of answers ?? []) if (error !== null) throw error
  }

  async *#pages(): AsyncGenerator<string[]> {
    let cursor = '0'
    do {
      const [next, keys] = await this.#redis.scan(cursor, 'COUNT', atATime)
      yield keys
      cursor = next
    } while (cursor !== '0')
  }
}
