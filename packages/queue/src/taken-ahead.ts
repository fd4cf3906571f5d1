/** For so long, in milliseconds, what was taken waits to be asked for before it is given back. */
const heldMs = 50

/** How what is held comes to be had, and to be given back. */
export type Ahead<Taken> = {
  readonly taken: readonly Taken[]
  /** Where there were fewer than were asked for: the answer that there is none. */
  readonly none: Taken | undefined
}

/**
 * Holds what was taken off a queue together, for a worker that asks for one after the other: it has them within the same turn of the
 * event loop, and hears in that turn without any asking that there were no more. What it does not come for, as when it closes, is
 * given back.
 */
export class TakenAhead<Taken> {
  readonly #giveBack: (taken: Taken) => Promise<unknown>
  readonly #held: Taken[] = []
  #none: Taken | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(giveBack: (taken: Taken) => Promise<unknown>) {
    this.#giveBack = giveBack
  }

  hold({ taken, none }: Ahead<Taken>): void {
    this.#held.push(...taken)
    if (this.#held.length > 0) this.#timer ??= setTimeout(() => void this.giveBack(), heldMs)
    if (none === undefined) return
    this.#none = none
    setImmediate(() => (this.#none = undefined))
  }

  /** One that is held. */
  take(): Taken | undefined {
    const taken = this.#held.shift()
    if (this.#held.length === 0) this.#stopTimer()
    return taken
  }

  /** One that is held, or once that there is none; `undefined` if that is not known. */
  next(): Taken | undefined {
    const next = this.take() ?? this.#none
    if (next === this.#none) this.#none = undefined
    return next
  }

  /** Gives back all that is held. What cannot be is found in time by whoever looks after a lost worker's. */
  async giveBack(): Promise<void> {
    this.#stopTimer()
    await Promise.allSettled(this.#held.splice(0).map((taken) => this.#giveBack(taken)))
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
