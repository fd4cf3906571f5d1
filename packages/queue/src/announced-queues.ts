import type { NowOrLater, Redis } from '@ott/runtime'

import { QueueRecord } from './queue-record.ts'

/** How often a producer puts its queues on record: after so long they are back there if Redis lost its data. */
const usualEveryMs = 10_000

/** A producer that has not managed to for so long does not say of a delivery that it is queued before it has. */
const usualFreshMs = 60_000

/** A queue that no producer has put on record for so long is used by none: much longer than any takes itself for one. */
export const unusedAfterMs = 2 * usualFreshMs

type Paces = { readonly everyMs?: number; readonly freshMs?: number }

/** Keeps the queues that a producer adds to on record. */
export class AnnouncedQueues {
  readonly #names: readonly string[]
  readonly #record: QueueRecord
  readonly #timer: NodeJS.Timeout
  readonly #freshMs: number
  #putAt = -Infinity

  /** `redis` is used, and closed by whoever opened it. */
  constructor(
    network: string,
    names: readonly string[],
    redis: Redis,
    { everyMs = usualEveryMs, freshMs = usualFreshMs }: Paces = {},
  ) {
    this.#freshMs = freshMs
    this.#names = names
    this.#record = new QueueRecord(network, redis)
    // Whoever adds finds out for himself whether it was done.
    const put = (): void => void this.#put().catch(() => undefined)
    this.#timer = setInterval(put, everyMs).unref()
    put()
  }

  /**
   * To be called once a delivery is in its queue, before anybody is told so: a process that was frozen may have added it to a
   * queue that was found empty and dropped meanwhile. No call to Redis but then.
   */
  confirm(name: string): NowOrLater<void> {
    if (!this.#names.includes(name)) return this.#record.put([name])
    // A clock that was set back counts as frozen, too.
    return Math.abs(Date.now() - this.#putAt) > this.#freshMs ? this.#put() : undefined
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #put(): Promise<void> {
    const startedAt = Date.now()
    await this.#record.put(this.#names)
    this.#putAt = startedAt
  }
}
