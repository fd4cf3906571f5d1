type Kept<Value> = { readonly value: Value; readonly expiresAt: number }

/**
 * Values that are forgotten once their time is over, or when many newer ones have come: the newest `max` are kept at least,
 * twice as many at most. It takes no memory in advance, and forgets a whole generation at once: deleting a Map's oldest
 * entries one by one makes it slower with each.
 */
export class ExpiringMap<Value> {
  #young = new Map<string, Kept<Value>>()
  #old = new Map<string, Kept<Value>>()
  readonly #now: () => number
  readonly #max: number

  constructor(now: () => number, max: number) {
    this.#now = now
    this.#max = max
  }

  get(key: string): Value | undefined {
    const found = this.#young.get(key) ?? this.#old.get(key)
    return found !== undefined && this.#now() < found.expiresAt ? found.value : undefined
  }

  set(key: string, value: Value, lifetimeMs: number): void {
    if (this.#young.size >= this.#max) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, { value, expiresAt: this.#now() + lifetimeMs })
  }
}
