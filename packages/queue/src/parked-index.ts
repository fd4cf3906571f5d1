import type { Redis } from '@ott/runtime'
import { z } from 'zod'

import { prefix } from './connection.ts'

/** Whose deliveries wait. */
export type ParkedSender = { readonly account: string; readonly sender: string }

/** One delivery in the index. */
export type Entry = { readonly id: string; readonly score: number }

/** What became of an entry's delivery: put back in the queue; not parked, as it turned out; or it is, or is about to be. */
export type Fate = 'released' | 'gone' | 'parked'

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

/** For so long it is kept when a delivery was parked, for who tells of it: see {@link parkingsKey}. */
const parkingsKeptMs = 24 * 60 * 60 * 1000

/** A sorted set of a queue's deliveries by when they were parked last, in milliseconds since 1970. */
export function parkingsKey(queue: string): string {
  return `${prefix}:parkings:${queue}`
}

const Name = z.tuple([z.string(), z.string()])

/** Which deliveries of a queue are parked: a sorted set for each sender, oldest first, and the set of these senders. */
export class ParkedIndex {
  readonly #redis: Redis
  /** The set of senders; what it begins with, each sender's set too. */
  readonly #key: string
  readonly #parkings: string

  constructor(queue: string, redis: Redis) {
    this.#redis = redis
    this.#parkings = parkingsKey(queue)
    this.#key = `${prefix}:parked:${queue}`
  }

  async add(parked: ParkedSender, id: string, createdAt: number): Promise<void> {
    await this.#redis.zadd(this.#keyOf(parked), createdAt, id)
    // Only then, so that `forget` finds the delivery there, or has the sender put back after it.
    await Promise.all([this.#redis.sadd(this.#key, toName(parked)), this.#redis.zadd(this.#parkings, Date.now(), id)])
  }

  /** Forgets when deliveries were parked that was long ago. */
  async forgetParkings(now: number): Promise<void> {
    await this.#redis.zremrangebyscore(this.#parkings, '-inf', now - parkingsKeptMs)
  }

  async senders(): Promise<readonly ParkedSender[]> {
    const names = await this.#redis.smembers(this.#key)
    return names.map((name) => {
      const [account, sender] = Name.parse(JSON.parse(name))
      return { account, sender }
    })
  }

  async count(parked: ParkedSender): Promise<number> {
    return this.#redis.zcard(this.#keyOf(parked))
  }

  async find(parked: ParkedSender, id: string): Promise<Entry | undefined> {
    const score = await this.#redis.zscore(this.#keyOf(parked), id)
    return score === null ? undefined : { id, score: Number(score) }
  }

  /** Up to `count` of a sender's entries, oldest first, without the `from` oldest. */
  async page(parked: ParkedSender, from: number, count: number): Promise<readonly Entry[]> {
    const listed = await this.#redis.zrange(this.#keyOf(parked), from, String(from + count - 1), 'WITHSCORES')
    return listed.flatMap((id, index) => (index % 2 === 0 ? [{ id, score: Number(listed[index + 1]) }] : []))
  }

  /** Drops entries whose delivery is not parked once `settle` is through with it, nor parked again in the meantime. */
  async drop(
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

  /** Forgets a sender none of whose deliveries waits any longer; not so if one comes in this moment. */
  async forget(parked: ParkedSender): Promise<void> {
    if ((await this.count(parked)) > 0) return
    await this.#redis.srem(this.#key, toName(parked))
    if ((await this.count(parked)) > 0) await this.#redis.sadd(this.#key, toName(parked))
  }

  #keyOf(parked: ParkedSender): string {
    return `${this.#key}:${toName(parked)}`
  }
}

function toName({ account, sender }: ParkedSender): string {
  return JSON.stringify([account, sender])
}
