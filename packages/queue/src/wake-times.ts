import { LRUCache } from 'lru-cache'

/** Names that are kept in mind; one more, and the one unused for longest begins anew. */
const namesMax = 10_000

/** Times are milliseconds since 1970. */
type WakeRange = { readonly earliest: number; readonly latest?: number; readonly apartMs: number }

/**
 * When deliveries that were put off for the same reason come up again: one after the other, so that those of a large backlog do not
 * all come at once, for most to be put off once more. Each process keeps those that it put off itself.
 */
export class WakeTimes {
  readonly #last = new LRUCache<string, number>({ max: namesMax })

  /**
   * When the next one of this name comes up, in milliseconds since 1970: not before `earliest`, and `apartMs` after the one before. What
   * would come after `latest` shares the times from `earliest` on with those before it.
   */
  next(name: string, { earliest, latest = Infinity, apartMs }: WakeRange): number {
    const wanted = Math.max(earliest, (this.#last.get(name) ?? 0) + apartMs)
    const at = wanted > latest ? earliest : wanted
    this.#last.set(name, at)
    return at
  }
}
