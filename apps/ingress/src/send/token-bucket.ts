/** Holds up to `capacity` tokens, full at first, and gets `perSecond` of them. Times are milliseconds since 1970. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #capacity: number
  #tokens: number
  #at: number

  constructor(perSecond: number, capacity: number, now: number) {
    this.#perSecond = perSecond
    this.#capacity = capacity
    this.#tokens = capacity
    this.#at = now
  }

  /** Takes a token, if there is one. */
  take(now: number): boolean {
    this.#tokens = Math.min(this.#capacity, this.#tokens + (Math.max(0, now - this.#at) * this.#perSecond) / 1000)
    this.#at = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** As of the last take. */
  get isHalfFull(): boolean {
    return this.#tokens >= this.#capacity / 2
  }
}
