import type { DeliveryStatus, ErrorEvent } from './delivery-status.ts'

/** A delivery ended in `Error`: nobody will try it again, unless an operator has it redriven. */
export class DeliveryFailed extends Error {
  override readonly name = 'DeliveryFailed'
  /** Why, in one word: `recipient`, `credentials`, `expired` … */
  readonly reason: string
  readonly errorcode: number
  /** Whether the network may have taken it all the same. */
  readonly inDoubt: boolean
  readonly delivery: DeliveryStatus

  constructor(failed: ErrorEvent, delivery: DeliveryStatus) {
    super(`The delivery failed (${failed.reason}): ${failed.message}`)
    this.reason = failed.reason
    this.errorcode = failed.errorcode
    this.inDoubt = failed.inDoubt === true
    this.delivery = delivery
  }
}

/** A delivery was still under way when the time to wait for it was over. It goes on all the same. */
export class DeliveryUnderWay extends Error {
  override readonly name = 'DeliveryUnderWay'
  /** As it was last seen; `undefined` when its status could not be had in that time. */
  readonly delivery: DeliveryStatus | undefined

  constructor(timeoutMs: number, delivery: DeliveryStatus | undefined) {
    const last = delivery?.status.at(-1)?.event ?? 'unknown'
    super(`The delivery is still under way after ${timeoutMs / 1000} s (${last}). Ask for its status later.`)
    this.delivery = delivery
  }
}
