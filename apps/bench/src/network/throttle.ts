const windowMs = 1000

/** A limit on the messages from one mark on: so many in each second. */
export class Throttle {
  readonly #from: number
  readonly #perSecond: number
  #window = Number.NaN
  #taken = 0

  constructor(from: number, perSecond: number) {
    this.#from = from
    this.#perSecond = perSecond
  }

  /** Whether a message that comes at this time, in milliseconds, is taken. */
  takes(index: number | undefined, at: number): boolean {
    if (index === undefined || index < this.#from) return true
    const window = Math.floor(at / windowMs)
    if (window !== this.#window) this.#taken = 0
    this.#window = window
    this.#taken += 1
    return this.#taken <= this.#perSecond
  }
}
