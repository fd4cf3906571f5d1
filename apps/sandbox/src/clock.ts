/** Time as both networks have it: the machine's, and later than that once it was put forward. */
export class Clock {
  readonly #machine: () => number
  #aheadMs = 0

  constructor(machine: () => number) {
    this.#machine = machine
  }

  /** Milliseconds since 1970. */
  readonly now = (): number => this.#machine() + this.#aheadMs

  /** Tokens and retry keys age by so much at once. */
  advance(ms: number): void {
    this.#aheadMs += ms
  }
}
