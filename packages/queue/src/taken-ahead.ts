/** For so long, in milliseconds, what was taken waits to be asked for before it is given back. */
const heldMs = 50

/**
 * Holds what was taken off a queue together, for a worker that asks for one after the other: it has them within the same turn of the
 * event loop, and after the last it is told once, in that turn, that there is none, so that it begins with what it has. What it does
 * not come for, as when it closes, is given back.
 */
export class TakenAhead<Taken> {
  readonly #giveBackOne: (taken: Taken) => Promise<unknown>
  readonly #held: Taken[] = []
  #none: Taken | undefined
  #timer: NodeJS.Timeout | undefined
  #givingBack: Promise<unknown> = Promise.resolve()

  constructor(giveBackOne: (taken: Taken) => Promise<unknown>) {
    this.#giveBackOne = giveBackOne
  }

  /** How many are held. */
  get size(): number {
    return this.#held.length
  }

  /** Holds these, and `none`, the answer that there is none. */
  hold(taken: readonly Taken[], none?: Taken): void {
    this.#held.push(...taken)
    if (this.#held.length > 0) this.#timer ??= setTimeout(() => void this.giveBack(), heldMs)
    if (none === undefined) return
    this.#none = none
    setImmediate(() => this.forget())
  }

  /** One that is held. */
  take(): Taken | undefined {
    const taken = this.#held.shift()
    if (this.#held.length === 0) this.#stopTimer()
    return taken
  }

  /** One that is held, or once that there is none; `undefined` if it is to be asked for. */
  next(): Taken | undefined {
    const taken = this.take()
    if (taken !== undefined) return taken
    const none = this.#none
    this.forget()
    return none
  }

  /** To be told when there may be some again. */
  forget(): void {
    this.#none = undefined
  }

  /** Gives back all that is held. What cannot be is found in time by whoever looks after a lost worker's. */
  async giveBack(): Promise<void> {
    this.#stopTimer()
    const begun = this.#held.splice(0).map((taken) => this.#giveBackOne(taken))
    const before = this.#givingBack
    this.#givingBack = Promise.allSettled([before, ...begun]).then(() => undefined)
    await this.#givingBack
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
