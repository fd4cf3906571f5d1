import type { Accepted, Deferred, Receipt, Refused } from '@ott/delivery'
import { UnrecoverableError } from 'bullmq'

/** Tells BullMQ to bring the delivery again. */
export class DeliveryDeferred extends Error {
  override readonly name = 'DeliveryDeferred'
  readonly receipt: Deferred

  constructor(receipt: Deferred) {
    super(failure(receipt))
    this.receipt = receipt
    this.stack = this.message
  }
}

/** Tells BullMQ never to bring the delivery again. */
class DeliveryRefused extends UnrecoverableError {
  constructor(receipt: Refused) {
    super(failure(receipt))
    this.stack = this.message
  }
}

/** The one place that decides what a receipt means for its delivery: finished, tried again, or failed for good. */
export function settle(receipt: Receipt): Accepted {
  switch (receipt.outcome) {
    case 'accepted':
      return receipt
    case 'deferred':
      throw new DeliveryDeferred(receipt)
    case 'refused':
      throw new DeliveryRefused(receipt)
  }
}

/**
 * A failure as the job keeps it, readable on the board: `reason: message`. As the stack too, of which the job keeps one an
 * attempt: where in our code an answer was settled tells nobody anything.
 */
function failure({ reason, message }: Deferred | Refused): string {
  return `${reason}: ${message}`
}
