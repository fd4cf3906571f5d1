import type { Job } from 'bullmq'

import { placesFor } from './places.ts'
import type { Progress } from './progress-watch.ts'

/** The deliveries that a worker has taken and not settled yet. */
export class InHand {
  readonly #concurrency: number
  /** When each was taken, the oldest first. */
  readonly #takenAt = new Map<Job, number>()
  #lastTakenAt = 0

  /** With `concurrency` calls under way for one sender at most. */
  constructor(concurrency: number) {
    this.#concurrency = concurrency
  }

  /** How many may be taken beside them. */
  get room(): number {
    return placesFor(this.#concurrency) - this.#takenAt.size
  }

  /** How many of the slow lane may be. */
  get slowRoom(): number {
    return this.#concurrency - this.#takenAt.size
  }

  /** What of them a watch needs to know. */
  get progress(): Progress {
    const oldestTakenAt = this.#takenAt.values().next().value
    return { lastTakenAt: this.#lastTakenAt, oldestTakenAt, hasRoom: this.room > 0 }
  }

  taken(job: Job): void {
    this.#lastTakenAt = Date.now()
    this.#takenAt.set(job, this.#lastTakenAt)
  }

  settled(job: Job): void {
    this.#takenAt.delete(job)
  }
}
