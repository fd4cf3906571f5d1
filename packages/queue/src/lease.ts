import { randomUUID } from 'node:crypto'

import type { Redis } from '@ott/runtime'

const extendIfOwn = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`

const endIfOwn = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

/** Work that one process at a time does: whoever has the lease. It runs out by itself when its holder dies. */
export class Lease {
  readonly #redis: Redis
  readonly #key: string
  readonly #lengthMs: number
  readonly #token = randomUUID()
  #heldUntil = 0

  constructor(redis: Redis, key: string, lengthMs: number) {
    this.#redis = redis
    this.#key = key
    this.#lengthMs = lengthMs
  }

  /** Takes the lease, or extends it. Resolves with whether this process has it; no call to Redis while most of it is left. */
  async hold(): Promise<boolean> {
    if (this.#heldUntil - performance.now() > this.#lengthMs / 2) return true
    const heldUntil = performance.now() + this.#lengthMs
    const held = (await this.#extend()) || (await this.#take())
    this.#heldUntil = held ? heldUntil : 0
    return held
  }

  /** Lets another process have it at once. */
  async end(): Promise<void> {
    if (this.#heldUntil === 0) return
    this.#heldUntil = 0
    await this.#redis.eval(endIfOwn, 1, this.#key, this.#token)
  }

  async #take(): Promise<boolean> {
    return (await this.#redis.set(this.#key, this.#token, 'PX', this.#lengthMs, 'NX')) === 'OK'
  }

  async #extend(): Promise<boolean> {
    return (await this.#redis.eval(extendIfOwn, 1, this.#key, this.#token, this.#lengthMs)) === 1
  }
}
