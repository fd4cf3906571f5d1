/** Senders that are kept in mind; one more, and the first one of them begins anew. */
const sendersMax = 10_000

/**
 * When the deliveries of a sender that were put off come up again: one after the other, so that those of a large backlog do not
 * all come at once, for most to be put off once more. Each process keeps those that it put off itself.
 */
export class WakeTimes {
  readonly #last = new Map<string, number>()

  /** When the sender's next one comes up, in milliseconds since 1970: not before `earliest`, and `apartMs` after the one before. */
  next(sender: string, earliest: number, apartMs: number): number {
    const at = Math.max(earliest, (this.#last.get(sender) ?? 0) + apartMs)
    if (this.#last.size >= sendersMax && !this.#last.has(sender)) {
      const [oldest] = this.#last.keys()
      if (oldest !== undefined) this.#last.delete(oldest)
    }
    this.#last.set(sender, at)
    return at
  }
}
