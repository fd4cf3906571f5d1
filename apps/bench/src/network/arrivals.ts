/** What the network double counts. Times are of {@link now}. */
export type Count = { readonly count: number; readonly firstAt: number; readonly lastAt: number }

/** Milliseconds of the machine's monotonic clock, which all its processes share. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}

/** When which message arrived, the first time. A message is known by the mark in its text. */
export class Arrivals {
  #first = 0
  #at: (number | null)[] = []
  #count: Count = { count: 0, firstAt: 0, lastAt: 0 }

  get count(): Count {
    return this.#count
  }

  /** Of each message from the first that is noted, in order; `null` where it has not arrived. */
  get at(): readonly (number | null)[] {
    return this.#at
  }

  /** Forgets everything, and notes from now on the times of so many messages from this one. */
  start(first: number, length: number): void {
    this.#first = first
    this.#at = Array.from({ length }, () => null)
    this.#count = { count: 0, firstAt: 0, lastAt: 0 }
  }

  note(index: number | undefined, at: number): void {
    const { count, firstAt } = this.#count
    this.#count = { count: count + 1, firstAt: count === 0 ? at : firstAt, lastAt: at }
    const place = (index ?? -1) - this.#first
    if (this.#at[place] === null) this.#at[place] = at
  }
}
