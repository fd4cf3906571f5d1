import type { Delivery } from '@ott/delivery'
import type { Redis } from '@ott/runtime'
import { ErrorCode } from 'bullmq'

import { type NetworkQueue, openQueue } from './connection.ts'
import { type Fate, ParkedIndex, type ParkedSender } from './parked-index.ts'

export type { ParkedSender }

/** How many of a sender's deliveries are put back in one go, and how many are looked at. */
const releasedTogether = 100
const sweptTogether = 1000

/**
 * The deliveries of one queue that wait for their sender to be released. They are in BullMQ's delayed set, from which each
 * would wake by itself; an index beside it says which they are. What the index lacks is late, and never lost.
 */
export class ParkedDeliveries {
  readonly #redis: Redis
  readonly #index: ParkedIndex
  readonly #queue: NetworkQueue

  /** `redis` is used, and closed by whoever opened it. */
  constructor(queue: string, redis: Redis) {
    this.#redis = redis
    this.#index = new ParkedIndex(queue, redis)
    this.#queue = openQueue(queue, redis)
  }

  /** To be called before the delivery's job is moved to the delayed set. A delivery can be added again. */
  async add({ id, account, sender, createdAt }: Delivery): Promise<void> {
    await this.#index.add({ account, sender }, id, createdAt)
  }

  /** How many of a sender's deliveries wait. */
  async count(account: string, sender: string): Promise<number> {
    return this.#index.count({ account, sender })
  }

  /** The senders with deliveries that wait. */
  async senders(): Promise<readonly ParkedSender[]> {
    return this.#index.senders()
  }

  /** Puts up to so many of a sender's deliveries back in the queue, oldest first. Resolves with how many. */
  async release(account: string, sender: string, limit: number): Promise<number> {
    const parked = { account, sender }
    let [released, passedOver] = [0, 0]
    for (let left = limit; left > 0; left = limit - released) {
      const entries = await this.#index.page(parked, passedOver, Math.min(releasedTogether, left))
      if (entries.length === 0) break
      const fates = await this.#index.drop(parked, entries, (id) => this.#release(id))
      released += fates.filter((fate) => fate === 'released').length
      passedOver += fates.filter((fate) => fate === 'parked').length
    }
    await this.#index.forget(parked)
    return released
  }

  /** The oldest of a sender's deliveries that is parked. What is found not to be is dropped from the index. */
  async oldest(account: string, sender: string): Promise<string | undefined> {
    const parked = { account, sender }
    let passedOver = 0
    for (;;) {
      const [entry] = await this.#index.page(parked, passedOver, 1)
      if (entry === undefined) break
      if (await this.#isDelayed(entry.id)) return entry.id
      const [fate] = await this.#index.drop(parked, [entry], (id) => this.#look(id))
      passedOver += fate === 'parked' ? 1 : 0
    }
    await this.#index.forget(parked)
    return undefined
  }

  /** Puts one delivery back in the queue. Resolves with whether it was parked. */
  async releaseOne(account: string, sender: string, id: string): Promise<boolean> {
    const parked = { account, sender }
    const entry = await this.#index.find(parked, id)
    if (entry === undefined) return false
    const [fate] = await this.#index.drop(parked, [entry], () => this.#release(id))
    return fate === 'released'
  }

  /** Drops from the index what is no longer parked: deliveries that expired while they waited, above all. */
  async sweep(account: string, sender: string): Promise<void> {
    const parked = { account, sender }
    for (let from = 0; ;) {
      const entries = await this.#index.page(parked, from, sweptTogether)
      if (entries.length === 0) break
      const ids = entries.map(({ id }) => id)
      const delayed = await this.#redis.zmscore(this.#queue.toKey('delayed'), ids)
      const others = entries.filter((_entry, index) => delayed[index] === null)
      const fates = others.length === 0 ? [] : await this.#index.drop(parked, others, (id) => this.#look(id))
      from += entries.length - fates.filter((fate) => fate === 'gone').length
    }
    await this.#index.forget(parked)
  }

  /** Forgets when deliveries were parked that was long ago. */
  async forgetParkings(now: number): Promise<void> {
    await this.#index.forgetParkings(now)
  }

  async close(): Promise<void> {
    await this.#queue.close()
  }

  async #release(id: string): Promise<Fate> {
    const job = await this.#queue.getJob(id)
    try {
      await job?.promote()
    } catch (error) {
      const isElsewhere = error instanceof Error && 'code' in error && error.code === ErrorCode.JobNotInState
      if (isElsewhere) return this.#look(id)
      throw error
    }
    return job === undefined ? 'gone' : 'released'
  }

  /** An attempt under way may end in the delivery being parked. */
  async #look(id: string): Promise<Fate> {
    if ((await this.#redis.lpos(this.#queue.toKey('active'), id)) !== null) return 'parked'
    // Looked at last: a delivery that is moved from the one to the other is seen in either.
    return (await this.#isDelayed(id)) ? 'parked' : 'gone'
  }

  async #isDelayed(id: string): Promise<boolean> {
    return (await this.#redis.zscore(this.#queue.toKey('delayed'), id)) !== null
  }
}
