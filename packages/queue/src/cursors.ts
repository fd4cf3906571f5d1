import type { Redis } from '@ott/runtime'
import { z } from 'zod'

import type { TimedId } from './timed-ids.ts'

const Stored = z.object({ at: z.number(), id: z.string() })

/** How far walks have come, by their names: kept in one hash of Redis, for whoever goes on with them. */
export class Cursors {
  readonly #key: string
  readonly #redis: Redis
  #places = new Map<string, TimedId>()
  readonly #unsaved = new Set<string>()

  /** `redis` is used, and closed by whoever opened it. */
  constructor(key: string, redis: Redis) {
    this.#key = key
    this.#redis = redis
  }

  /** Reads them anew, and drops those of walks that are not among `names`. */
  async load(names: readonly string[]): Promise<void> {
    const stored = Object.entries(await this.#redis.hgetall(this.#key))
    const wanted = new Set(names)
    const strangers = stored.flatMap(([name]) => (wanted.has(name) ? [] : [name]))
    if (strangers.length > 0) await this.#redis.hdel(this.#key, ...strangers)
    this.#unsaved.clear()
    this.#places = new Map(
      stored.flatMap(([name, text]) => (wanted.has(name) ? [[name, Stored.parse(JSON.parse(text))] as const] : [])),
    )
  }

  /** `undefined` of a walk that has not begun. */
  get(name: string): TimedId | undefined {
    return this.#places.get(name)
  }

  /** Notes how far a walk has come, to be saved with the next that is. */
  put(name: string, place: TimedId): void {
    this.#places.set(name, place)
    this.#unsaved.add(name)
  }

  /** Saves all that was noted, and this one. */
  async save(one?: readonly [name: string, place: TimedId]): Promise<void> {
    if (one !== undefined) this.put(...one)
    const fields = [...this.#unsaved].flatMap((name) => [name, JSON.stringify(this.#places.get(name))])
    this.#unsaved.clear()
    if (fields.length > 0) await this.#redis.hset(this.#key, ...fields)
  }
}
