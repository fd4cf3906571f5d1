/** Which items are read: those after a sequence number, as many as `limit`, oldest first. */
export type Selection<Item> = {
  readonly after: number
  readonly limit: number
  readonly matches: (item: Item) => boolean
}

/** An item with the number it was given. */
export type Numbered<Item> = Item & { readonly sequence: number }

/** The newest `max` of what was added. Each has a sequence number: 1, 2, 3 …, never given twice, not even after a clear. */
export class RecentLog<Item extends object> {
  readonly #max: number
  readonly #changed: () => void
  #ring: Item[] = []
  /** The number given last before the log was cleared. */
  #base = 0
  #newest = 0

  /** `changed` is called after each change. */
  constructor(max: number, changed: () => void = () => undefined) {
    this.#max = max
    this.#changed = changed
  }

  /** The number given last; 0 before the first. */
  get newest(): number {
    return this.#newest
  }

  /** The number of the oldest item still kept; one more than `newest` when there is none. */
  get oldest(): number {
    return this.#newest - this.#ring.length + 1
  }

  add(item: Item): void {
    this.#newest += 1
    this.#ring[this.#place(this.#newest)] = item
    this.#changed()
  }

  /** The item of that number, while it is kept. */
  find(sequence: number): Numbered<Item> | undefined {
    const item = sequence < this.oldest || sequence > this.#newest ? undefined : this.#ring[this.#place(sequence)]
    return item && { sequence, ...item }
  }

  /** The newest of what is selected, oldest first all the same. */
  readLatest({ after, limit, matches }: Selection<Item>): Numbered<Item>[] {
    const found: Numbered<Item>[] = []
    for (let sequence = this.#newest; sequence >= Math.max(after + 1, this.oldest); sequence -= 1) {
      if (found.length >= limit) break
      const item = this.#ring[this.#place(sequence)]
      if (item !== undefined && matches(item)) found.push({ sequence, ...item })
    }
    return found.toReversed()
  }

  read({ after, limit, matches }: Selection<Item>): Numbered<Item>[] {
    const found: Numbered<Item>[] = []
    for (let sequence = Math.max(after + 1, this.oldest); sequence <= this.#newest; sequence += 1) {
      if (found.length >= limit) break
      const item = this.#ring[this.#place(sequence)]
      if (item !== undefined && matches(item)) found.push({ sequence, ...item })
    }
    return found
  }

  clear(): void {
    this.#ring = []
    this.#base = this.#newest
    this.#changed()
  }

  #place(sequence: number): number {
    return (sequence - this.#base - 1) % this.#max
  }
}
