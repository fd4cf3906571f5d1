import type { Delivery } from '@ott/delivery'
import type { Logger, NowOrLater } from '@ott/runtime'
import { LRUCache } from 'lru-cache'

import { WakeTimes } from './wake-times.ts'

/** A sender none of whose calls has ended for so long is slow; it is well again once one of its calls takes less. */
const usualSlowMs = 2000

/** How many times what is left over for others one sender may have under way. */
const shares = { well: 2, slow: 0.5 } as const

/**
 * When a slow sender's delivery comes up again, and how many do in a second, of those that one process put off; more do where the
 * last one would come later than after the longest wait, since the sender may be well again by then. A reply is soon of no use.
 */
const slowWaitMs = 2000
const slowWaitMaxMs = { reply: 10_000, other: 60_000 } as const
const slowPerSecond = 100

/** Slow senders that are kept in mind; one more, and the one found slow longest ago counts as well again. */
const slowMax = 10_000

/** How many deliveries a process takes that has `concurrency` calls under way for one sender at most. */
export function placesFor(concurrency: number): number {
  return Math.floor(concurrency * 1.5)
}

/** One call under way. */
export type Place = { readonly name: string; readonly takenAt: number }

/** A sender's calls under way. */
type Calls = { count: number; lastEndedAt: number; readonly waiting: ((place: Place | undefined) => void)[] }

export type PlacesOptions = {
  /** Calls under way for one sender at most. */
  readonly concurrency: number
  readonly logger: Logger
  readonly slowMs?: number
}

/**
 * Keeps a sender whose endpoint hangs from having all of a process's places, by Choudhury and Hahne's dynamic threshold: a sender
 * has no more calls under way than a multiple of the places that are free, so that there is always one left for the next sender.
 * Over it a delivery waits here while the sender's calls end, which is the usual course of a flood, and is put off when none does.
 */
export class Places {
  readonly #options: PlacesOptions
  readonly #slowMs: number
  readonly #calls = new Map<string, Calls>()
  readonly #slow = new LRUCache<string, true>({ max: slowMax })
  readonly #wakes = new WakeTimes()
  #underWay = 0
  #waiting = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: PlacesOptions) {
    this.#options = options
    this.#slowMs = options.slowMs ?? usualSlowMs
  }

  /** A place for one call, to be given back; `undefined` when the delivery is to be put off. */
  take({ account, sender }: Delivery): NowOrLater<Place | undefined> {
    const name = JSON.stringify([account, sender])
    const calls = this.#calls.get(name)
    if (calls === undefined || this.#mayBegin(name, calls)) return this.#begin(name)
    if (this.#slow.has(name)) return undefined
    return this.#wait(calls)
  }

  /** To be told when the call has ended. */
  leave({ name, takenAt }: Place): void {
    const now = Date.now()
    this.#underWay -= 1
    const calls = this.#calls.get(name)
    if (calls !== undefined) {
      calls.count -= 1
      calls.lastEndedAt = now
      if (calls.count === 0 && calls.waiting.length === 0) this.#calls.delete(name)
    }
    this.#mark(name, now - takenAt >= this.#slowMs)
    if (this.#waiting > 0) this.#letIn()
  }

  /** For how long a delivery is put off that got no place, in milliseconds. Replies do not wait behind the others. */
  waitOf({ account, sender }: Delivery, isReply: boolean): number {
    const kind = isReply ? 'reply' : 'other'
    const now = Date.now()
    const range = { earliest: now + slowWaitMs, latest: now + slowWaitMaxMs[kind], apartMs: 1000 / slowPerSecond }
    return this.#wakes.next(JSON.stringify([kind, account, sender]), range) - now
  }

  #mayBegin(name: string, { count }: Calls): boolean {
    const { concurrency } = this.#options
    const free = placesFor(concurrency) - this.#underWay
    return count < concurrency && count < free * (this.#slow.has(name) ? shares.slow : shares.well)
  }

  #begin(name: string): Place {
    const now = Date.now()
    const calls = this.#calls.get(name)
    if (calls === undefined) this.#calls.set(name, { count: 1, lastEndedAt: now, waiting: [] })
    else calls.count += 1
    this.#underWay += 1
    return { name, takenAt: now }
  }

  #wait(calls: Calls): Promise<Place | undefined> {
    this.#waiting += 1
    this.#timer ??= setInterval(() => this.#giveUp(), this.#slowMs / 8)
    return new Promise((resolve) => calls.waiting.push(resolve))
  }

  #letIn(): void {
    for (const [name, calls] of this.#calls) {
      while (calls.waiting.length > 0 && this.#mayBegin(name, calls)) this.#answer(calls, this.#begin(name))
    }
  }

  /** Whoever waits for a sender that does not answer shall not keep the place that it waits in. */
  #giveUp(): void {
    const before = Date.now() - this.#slowMs
    for (const [name, calls] of this.#calls) {
      if (calls.waiting.length === 0 || calls.lastEndedAt > before) continue
      this.#mark(name, true)
      while (calls.waiting.length > 0) this.#answer(calls, undefined)
    }
  }

  #answer(calls: Calls, place: Place | undefined): void {
    this.#waiting -= 1
    if (this.#waiting === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    calls.waiting.shift()?.(place)
  }

  #mark(name: string, slow: boolean): void {
    if (slow === this.#slow.has(name)) return
    const [account, sender]: unknown[] = JSON.parse(name)
    this.#options.logger.warn({ account, sender }, slow ? 'sender.slow' : 'sender.well')
    if (slow) this.#slow.set(name, true)
    else this.#slow.delete(name)
  }
}
