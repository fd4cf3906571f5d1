import type { Delivery, NetworkAttempt, Receipt } from '@ott/delivery'

/** What an attempt is told beside what the network is: which one it is, counted from 1 since the delivery was queued or redriven. */
export type AttemptContext = NetworkAttempt & { readonly attempt: number }

/**
 * Tries once to deliver. Resolves with the receipt whatever goes wrong; rejects with {@link CannotAttempt}, or with the
 * {@link NoLongerHeld} that `record` rejected with.
 */
export type Attempt = (delivery: Delivery, context: AttemptContext) => Promise<Receipt>

/**
 * Thrown by an attempt that this worker is in no state to make, though another may be. The delivery goes back, no attempt of it
 * used up, and comes up again in a while; meanwhile this worker says that it is not ready.
 */
export class CannotAttempt extends Error {
  override readonly name = 'CannotAttempt'
}
