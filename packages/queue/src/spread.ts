import type { Hold } from '@ott/delivery'

/** Senders whose deliveries are counted; one more, and the one that was counted first begins anew. */
const sendersMax = 10_000

/**
 * Spreads the return of the deliveries that wait for one throttle to end, so that they do not all come back in one instant,
 * for one to be throttled and the others to be put off again. Each process counts what it put off itself.
 */
export class Spread {
  readonly #perSecond: number
  readonly #counted = new Map<string, { until: number; count: number }>()

  /** `perSecond`: of a sender, from this process. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** When the next delivery of a throttled sender is to be attempted: milliseconds since 1970. */
  wakeAt(account: string, sender: string, { until }: Pick<Hold, 'until'>): number {
    const name = JSON.stringify([account, sender])
    const last = this.#counted.get(name)
    const count = last?.until === until ? last.count + 1 : 0
    this.#counted.delete(name)
    const [oldest] = this.#counted.size < sendersMax ? [] : this.#counted.keys()
    if (oldest !== undefined) this.#counted.delete(oldest)
    this.#counted.set(name, { until, count })
    return until + Math.round((count * 1000) / this.#perSecond)
  }
}
