import type { Job } from 'bullmq'

import { placesFor } from './places.ts'
import type { Room } from './delivery-taker.ts'
import type { Progress } from './progress-watch.ts'

/** The deliveries that a worker has taken and not settled yet. */
export class InHand implements Room {
  readonly vacated = new Set<string>()
  readonly #concurrency: number
  /** When each was begun with, the oldest first. */
  readonly #begunAt = new Map<Job, number>()
  #waiting = 0
  #lastTakenAt = 0

  /** With `concurrency` calls under way for one sender at most. */
  constructor(concurrency: number) {
    this.#concurrency = concurrency
  }

  get room(): number {
    return placesFor(this.#concurrency) - this.#count
  }

  get slowRoom(): number {
    return this.#concurrency - this.#count
  }

  /** What of them a watch needs to know. One that is not begun with says nothing: BullMQ has what it takes wait while it takes more. */
  get progress(): Progress {
    const oldestBegunAt = this.#begunAt.values().next().value
    return { lastTakenAt: this.#lastTakenAt, oldestBegunAt, hasRoom: this.room > 0 }
  }

  get #count(): number {
    return this.#waiting + this.#begunAt.size
  }

  /** To be told of each that BullMQ has taken. One whose workers died too often it ends by itself: with that, nothing is begun. */
  taken({ deferredFailure }: Pick<Job, 'deferredFailure'>): void {
    this.#lastTakenAt = Date.now()
    if (!deferredFailure) this.#waiting += 1
  }

  begun(job: Job): void {
    this.#waiting -= 1
    this.#begunAt.set(job, Date.now())
  }

  settled(job: Job): void {
    this.#begunAt.delete(job)
  }
}
