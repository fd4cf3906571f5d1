/** Senders that are kept in mind; one more, and the first one of them begins anew. */
const sendersMax = 10_000

/** Times are milliseconds since 1970. */
type WakeRange = { readonly earliest: number; readonly latest?: number; readonly apartMs: number }

/**
 * When the deliveries of a sender that were put off come up again: one after the other, so that those of a large backlog do not
 * all come at once, for most to be put off once more. Each process keeps those that it put off itself.
 */
export class WakeTimes {
  readonly #last = new Map<string, number>()

  /**
   * When the sender's next one comes up, in milliseconds since 1970: not before `earliest`, and `apartMs` after the one before. What
   * would come after `latest` shares the times from `earliest` on with those before it.
   */
  next(sender: string, { earliest, latest = Infinity, apartMs }: WakeRange): number {
    const wanted = Math.max(earliest, (this.#last.get(sender) ?? 0) + apartMs)
    const at = wanted > latest ? earliest : wanted
    if (this.#last.size >= sendersMax && !this.#last.has(sender)) {
      const [oldest] = this.#last.keys()
      if (oldest !== undefined) this.#last.delete(oldest)
    }
    this.#last.set(sender, at)
    return at
  }
}
