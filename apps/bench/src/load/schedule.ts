/**
 * An open loop's schedule: messages are due evenly, whether earlier ones were answered or not. All times are milliseconds
 * since its start.
 */
export class Schedule {
  readonly #perSecond: number
  readonly #count: number
  #begun = 0

  constructor(perSecond: number, count: number) {
    this.#perSecond = perSecond
    this.#count = count
  }

  /** When this message is due. */
  dueAt(index: number): number {
    return (index * 1000) / this.#perSecond
  }

  get done(): boolean {
    return this.#begun === this.#count
  }

  /** The messages that have come due since it was asked last, each once. */
  due(elapsedMs: number): number[] {
    const due: number[] = []
    for (; !this.done && this.dueAt(this.#begun) <= elapsedMs; this.#begun += 1) due.push(this.#begun)
    return due
  }
}
