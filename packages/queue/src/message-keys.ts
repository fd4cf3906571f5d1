import type { Delivery } from '@ott/delivery'
import type { Redis } from '@ott/runtime'

import { prefix } from './connection.ts'
import { keyLifetimes, type Retention } from './retention.ts'

type Keyed = Pick<Delivery, 'account' | 'key' | 'id'>

/** The index from a client's own key to the newest delivery of that key. */
export class MessageKeys {
  readonly #redis: Redis
  readonly #lifetimes: ReturnType<typeof keyLifetimes>

  /** `redis` is used, and closed by whoever opened it. */
  constructor(redis: Redis, retention: Retention) {
    this.#redis = redis
    this.#lifetimes = keyLifetimes(retention)
  }

  /** The key in Redis that finds a delivery, and for how many seconds. */
  entryOf({ account, key }: Keyed): { readonly name: string; readonly seconds: number } {
    return { name: nameOf(account, key), seconds: this.#lifetimes.sentSeconds }
  }

  async set(delivery: Keyed): Promise<void> {
    const { name, seconds } = this.entryOf(delivery)
    await this.#redis.set(name, delivery.id, 'EX', seconds)
  }

  /** Of a delivery that takes long, or failed: it is kept, and looked for, for longer than one that was sent. */
  async prolong({ account, key }: Keyed): Promise<void> {
    await this.#redis.expire(nameOf(account, key), this.#lifetimes.failedSeconds, 'GT')
  }

  /** The id of the newest delivery of this key. */
  async find(account: string, key: string): Promise<string | undefined> {
    return (await this.#redis.get(nameOf(account, key))) ?? undefined
  }
}

function nameOf(account: string, key: string): string {
  return `${prefix}:key:${account}:${key}`
}
