import type { Delivery } from '@ott/delivery'
import type { Redis } from '@ott/runtime'
import { ErrorCode } from 'bullmq'
import { z } from 'zod'

import { type NetworkQueue, openQueue, prefix } from './connection.ts'

/** Whose deliveries wait. */
export type ParkedSender = { readonly account: string; readonly sender: string }

/** How many of a sender's deliveries are looked at in one go. */
const batchMax = 100

/**
 * Claimed: an entry that is about to be dropped has this taken off its score. To park the delivery again meanwhile gives it
 * back its score, so that it is not dropped; and whatever was claimed by a process that died comes first in the next round.
 */
const claim = 1e14

const dropClaimed = `
local dropped = 0
for _, id in ipairs(ARGV) do
  local score = redis.call('ZSCORE', KEYS[1], id)
  if score and tonumber(score) < 0 then dropped = dropped + redis.call('ZREM', KEYS[1], id) end
end
return dropped`

const Name = z.tuple([z.string(), z.string()])

type Entry = { readonly id: string; readonly score: number }

/** What became of an entry's delivery: put back in the queue; not parked, as it turned out; or it is, or is about to be. */
type Fate = 'released' | 'gone' | 'parked'

/**
 * An index of the deliveries of a network that wait for their sender to be released, oldest first. The deliveries themselves
 * are in BullMQ's delayed set, from which each would wake by itself: what the index lacks is late, and never lost.
 */
export class ParkedDeliveries {
  readonly #network: string
  readonly #redis: Redis
  readonly #queue: NetworkQueue

  /** `redis` is used, and closed by whoever opened it. */
  constructor(network: string, redis: Redis) {
    this.#network = network
    this.#redis = redis
    this.#queue = openQueue(network, redis)
  }

  /** To be called before the delivery's job is moved to the delayed set; a delivery can be added again. */
  async add({ id, account, sender, createdAt }: Delivery): Promise<void> {
    const parked = { account, sender }
    await this.#redis.zadd(this.#keyOf(parked), createdAt, id)
    // Only then, so that #forget sees either the delivery or its own sender gone.
    await this.#redis.sadd(this.#senders, toName(parked))
  }

  /** How many of a sender's deliveries wait. */
  async count(account: string, sender: string): Promise<number> {
    return this.#redis.zcard(this.#keyOf({ account, sender }))
  }

  /** How many senders' deliveries wait, and how many these are. */
  async counts(): Promise<{ readonly senders: number; readonly deliveries: number }> {
    const senders = await this.senders()
    const counts = await Promise.all(senders.map(({ account, sender }) => this.count(account, sender)))
    const waiting = counts.filter((count) => count > 0)
    return { senders: waiting.length, deliveries: waiting.reduce((sum, count) => sum + count, 0) }
  }

  /** The senders with deliveries that wait. */
  async senders(): Promise<readonly ParkedSender[]> {
    const names = await this.#redis.smembers(this.#senders)
    return names.map((name) => {
      const [account, sender] = Name.parse(JSON.parse(name))
      return { account, sender }
    })
  }

  /** Puts up to so many of a sender's deliveries back in the queue, oldest first. Resolves with how many. */
  async release(account: string, sender: string, limit: number): Promise<number> {
    const parked = { account, sender }
    let [released, passedOver] = [0, 0]
    for (let left = limit; left > 0; left = limit - released) {
      const entries = await this.#page(parked, passedOver, Math.min(batchMax, left))
      if (entries.length === 0) break
      const fates = await this.#drop(parked, entries, (id) => this.#release(id))
      released += fates.filter((fate) => fate === 'released').length
      passedOver += fates.filter((fate) => fate === 'parked').length
    }
    await this.#forget(parked)
    return released
  }

  /** The oldest of a sender's deliveries that is parked. What is found not to be is dropped from the index. */
  async oldest(account: string, sender: string): Promise<string | undefined> {
    const parked = { account, sender }
    let passedOver = 0
    for (;;) {
      const [entry] = await this.#page(parked, passedOver, 1)
      if (entry === undefined) break
      if (await this.#isDelayed(entry.id)) return entry.id
      const [fate] = await this.#drop(parked, [entry], (id) => this.#look(id))
      passedOver += fate === 'parked' ? 1 : 0
    }
    await this.#forget(parked)
    return undefined
  }

  /** Puts one delivery back in the queue. Resolves with whether it was parked. */
  async releaseOne(account: string, sender: string, id: string): Promise<boolean> {
    const parked = { account, sender }
    const score = await this.#redis.zscore(this.#keyOf(parked), id)
    if (score === null) return false
    const entry = { id, score: Number(score) }
    const [fate] = await this.#drop(parked, [entry], () => this.#release(id))
    return fate === 'released'
  }

  async close(): Promise<void> {
    await this.#queue.close()
  }

  async #page(parked: ParkedSender, from: number, count: number): Promise<readonly Entry[]> {
    const listed = await this.#redis.zrange(this.#keyOf(parked), from, String(from + count - 1), 'WITHSCORES')
    return listed.flatMap((id, index) => (index % 2 === 0 ? [{ id, score: Number(listed[index + 1]) }] : []))
  }

  /** Drops entries whose delivery is not parked once `settle` is through with it, nor parked again in the meantime. */
  async #drop(
    parked: ParkedSender,
    entries: readonly Entry[],
    settle: (id: string) => Promise<Fate>,
  ): Promise<readonly Fate[]> {
    const claims = entries.flatMap(({ id, score }) => [String(score < 0 ? score : score - claim), id])
    await this.#redis.zadd(this.#keyOf(parked), 'XX', ...claims)
    const fates = await Promise.all(entries.map(({ id }) => settle(id)))
    const dropped = entries.flatMap(({ id }, index) => (fates[index] === 'parked' ? [] : [id]))
    if (dropped.length > 0) await this.#redis.eval(dropClaimed, 1, this.#keyOf(parked), ...dropped)
    return fates
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

  /** A sender none of whose deliveries waits any longer, even if one comes in this moment. */
  async #forget(parked: ParkedSender): Promise<void> {
    const isEmpty = async (): Promise<boolean> => (await this.#redis.zcard(this.#keyOf(parked))) === 0
    if (!(await isEmpty())) return
    await this.#redis.srem(this.#senders, toName(parked))
    if (!(await isEmpty())) await this.#redis.sadd(this.#senders, toName(parked))
  }

  get #senders(): string {
    return `${prefix}:parked:${this.#network}`
  }

  #keyOf(parked: ParkedSender): string {
    return `${this.#senders}:${toName(parked)}`
  }
}

function toName({ account, sender }: ParkedSender): string {
  return JSON.stringify([account, sender])
}
