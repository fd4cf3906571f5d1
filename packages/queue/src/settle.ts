import type { Accepted, Deferred, FailureReason, Receipt, Refused } from '@ott/delivery'

import { attemptsMax, waitMs } from './backoff.ts'

/**
 * What becomes of a delivery after an attempt. `sent` and `failed` are its end. `again`: it comes up again in `waitMs`
 * milliseconds. `handed-back`: for another worker to attempt at once, as if this attempt had not been. `throttled`, `parked`:
 * its sender is held back, and the delivery waits for the sender.
 */
export type Settlement =
  | { readonly to: 'sent'; readonly because: Accepted }
  | { readonly to: 'failed' | 'handed-back' | 'throttled' | 'parked'; readonly because: Deferred | Refused }
  | { readonly to: 'again'; readonly because: Deferred; readonly waitMs: number }

/** What settling depends on beside the receipt. Times are milliseconds since 1970. */
export type Circumstances = {
  /** Attempts made, this one included. */
  readonly attempts: number
  readonly now: number
  readonly expiresAt?: number | undefined
  /** This worker stops, and broke the attempt off. */
  readonly stopping: boolean
}

/** What says nothing of the delivery but of its sender: the sender's others would fare no better. */
const holding: ReadonlyMap<FailureReason, 'throttled' | 'parked'> = new Map([
  ['throttled', 'throttled'],
  ['quota', 'parked'],
  ['paused', 'parked'],
  ['credentials', 'parked'],
])

/** Whether a reason is the sender's: what came of the attempt holds the sender back, and uses up none of the delivery's attempts. */
export function isSenders(reason: FailureReason): boolean {
  return holding.has(reason)
}

/** The one place that decides what a receipt means for its delivery. */
export function settle(receipt: Receipt, circumstances: Circumstances): Settlement {
  switch (receipt.outcome) {
    case 'accepted':
      return { to: 'sent', because: receipt }
    case 'refused':
      return { to: holding.get(receipt.reason) ?? 'failed', because: receipt }
    case 'deferred':
      return settleDeferred(receipt, circumstances)
  }
}

function settleDeferred(receipt: Deferred, { attempts, now, expiresAt, stopping }: Circumstances): Settlement {
  const hold = holding.get(receipt.reason)
  if (hold !== undefined) return { to: hold, because: receipt }
  if (stopping) return { to: 'handed-back', because: receipt }
  if (attempts >= attemptsMax && expiresAt === undefined) return { to: 'failed', because: receipt }
  const { retryAfterMs } = receipt
  return { to: 'again', because: receipt, waitMs: waitMs({ attempts, retryAfterMs, now, expiresAt }) }
}
