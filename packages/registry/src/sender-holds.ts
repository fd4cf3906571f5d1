import { Hold } from '@ott/delivery'
import type { Logger, NowOrLater, Redis } from '@ott/runtime'
import { z } from 'zod'

import { type Place, WatchedRecords } from './watched-records.ts'

/** A sender and what it was last held back by. */
export type HeldSender = { readonly account: string; readonly sender: string; readonly hold: Hold }

const Name = z.tuple([z.string(), z.string()])

/** The senders that are held back, in Redis: a hash for each network, its fields account and sender's id. */
export class SenderHolds {
  readonly #redis: Redis
  readonly #records: WatchedRecords<Hold>

  private constructor(redis: Redis, records: WatchedRecords<Hold>) {
    this.#redis = redis
    this.#records = records
  }

  /** `redis` is used, and closed by whoever opened it. */
  static async open(redis: Redis, options: { redisUrl: string; logger: Logger }): Promise<SenderHolds> {
    return new SenderHolds(redis, await WatchedRecords.open(redis, { ...options, changes: 'ott:holds:changed', parse }))
  }

  /**
   * What the sender was last held back by, which may be over or of an earlier registration: `passage` tells. Asked for each
   * delivery, it costs no call to Redis. A change made anywhere is seen within a second.
   */
  find(account: string, network: string, sender: string): NowOrLater<Hold | undefined> {
    return this.#records.find(placeOf(account, network, sender))
  }

  /**
   * Holds a sender back. What others lay on the same registration at the same moment is not undone: the stricter stays.
   * Resolves with the hold that is kept.
   */
  async put(account: string, network: string, sender: string, hold: Hold): Promise<Hold> {
    const kept = await this.#records.merge(placeOf(account, network, sender), (before) => stricter(before, hold))
    return kept ?? hold
  }

  /**
   * Lets one delivery of a parked sender through as a probe; the next one's time comes at `until`. Resolves with false when
   * the hold is no longer the one that was `seen`: somebody else let one through, or it has changed otherwise.
   */
  async letThrough(
    account: string,
    network: string,
    sender: string,
    { seen, probe, until }: { readonly seen: Hold; readonly probe: string; readonly until: number },
  ): Promise<boolean> {
    let won = false
    await this.#records.merge(placeOf(account, network, sender), (before) => {
      won = before !== undefined && isSame(before, seen)
      return won ? { ...before, probe, until } : before
    })
    return won
  }

  /** Ends a hold. Returns whether there was one. */
  async remove(account: string, network: string, sender: string): Promise<boolean> {
    return this.#records.remove(placeOf(account, network, sender))
  }

  /** Ends a hold if it is still the one that was `seen`. */
  async removeIfSame(account: string, network: string, sender: string, seen: Hold): Promise<void> {
    await this.#records.change(placeOf(account, network, sender), (hold) => (isSame(hold, seen) ? undefined : hold))
  }

  /** As {@link listHolds}. */
  async list(network: string): Promise<readonly HeldSender[]> {
    return listHolds(this.#redis, network)
  }

  /** Ends the subscription. */
  async close(): Promise<void> {
    await this.#records.close()
  }
}

/** All holds of a network, those among them that are over or of an earlier registration. */
export async function listHolds(redis: Redis, network: string): Promise<readonly HeldSender[]> {
  const stored = await redis.hgetall(hashOf(network))
  return Object.entries(stored).map(([field, text]) => {
    const [account, sender] = Name.parse(JSON.parse(field))
    return { account, sender, hold: Hold.parse(JSON.parse(text)) }
  })
}

function parse(stored: unknown): Hold {
  return Hold.parse(stored)
}

/** Of two holds on a sender the one to keep: of the same registration neither undoes what the other adds. */
function stricter(before: Hold | undefined, hold: Hold): Hold {
  if (before === undefined || before.revision !== hold.revision) return hold
  if (before.kind !== hold.kind) return before.kind === 'parked' ? before : hold
  const over = before.kind === 'throttled' && before.until <= hold.since
  if (over) return hold
  const later = before.strikes > hold.strikes || (before.strikes === hold.strikes && before.until > hold.until)
  const newer = later ? before : hold
  // A probe is under way until a further strike tells what became of it.
  const probe = before.strikes === hold.strikes ? (hold.probe ?? before.probe) : newer.probe
  const since = Math.min(before.since, hold.since)
  return { ...newer, probe, since, until: Math.max(before.until, hold.until) }
}

function isSame(one: Hold, other: Hold): boolean {
  return JSON.stringify(Hold.parse(one)) === JSON.stringify(Hold.parse(other))
}

function hashOf(network: string): string {
  return `ott:holds:${network}`
}

function placeOf(account: string, network: string, sender: string): Place {
  return { hash: hashOf(network), field: JSON.stringify([account, sender]) }
}
