import type { Accepted } from '@ott/delivery'

const receiptsMax = 10_000

/**
 * Receipts of accepted deliveries that Redis may not have yet. A worker whose Redis is away for longer than its locks last is
 * handed the same deliveries again: what a network has taken is then recorded, and not sent a second time.
 */
export class UnrecordedReceipts {
  readonly #receipts = new Map<string, Accepted>()

  get(deliveryId = ''): Accepted | undefined {
    return this.#receipts.get(deliveryId)
  }

  put(deliveryId = '', receipt: Accepted): Accepted {
    const [oldest] = this.#receipts.size < receiptsMax ? [] : this.#receipts.keys()
    if (oldest !== undefined) this.#receipts.delete(oldest)
    this.#receipts.set(deliveryId, receipt)
    return receipt
  }

  /** Once Redis has it. */
  drop(deliveryId = ''): void {
    this.#receipts.delete(deliveryId)
  }
}
