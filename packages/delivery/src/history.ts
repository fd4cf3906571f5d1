import type { Delivery } from './delivery.ts'
import type { FailureReason } from './hold.ts'
import type { Accepted } from './receipt.ts'

/** One thing that happened to a delivery. `at` is milliseconds since 1970. */
export type DeliveryEvent =
  | { readonly event: 'created'; readonly at: number }
  | { readonly event: 'queued'; readonly at: number }
  /** Its sender is held back, and it waits until the sender is released. */
  | { readonly event: 'parked'; readonly at: number; readonly reason: FailureReason; readonly message: string }
  /** It had failed, and an operator had it tried again. */
  | { readonly event: 'redriven'; readonly at: number }
  | { readonly event: 'sent'; readonly at: number; readonly receipt: Accepted }
  | {
      readonly event: 'failed'
      readonly at: number
      readonly reason: FailureReason
      readonly message: string
      /** How many attempts were made. */
      readonly attempts: number
      /** Whether the network may have taken it all the same: an attempt was left without a clear answer. */
      readonly inDoubt: boolean
    }

/** One attempt that was made. `at` is when it began, in milliseconds since 1970. */
export type AttemptRecord = {
  readonly at: number
  /** `interrupted`: the worker ended before it could say what came of it. */
  readonly outcome: 'accepted' | 'deferred' | 'refused' | 'interrupted'
  readonly reason?: FailureReason | undefined
  readonly message?: string | undefined
  /** The network's own id of the call. */
  readonly requestId?: string | undefined
}

/**
 * All that is known of a delivery, oldest first. Without a last event `sent` or `failed` it is still under way. Of very many
 * attempts the first ones are no longer known.
 */
export type History = {
  readonly delivery: Delivery
  readonly events: readonly DeliveryEvent[]
  readonly attempts: readonly AttemptRecord[]
  /** When the next one comes, in milliseconds since 1970, while the delivery waits for that. */
  readonly nextAttemptAt?: number | undefined
}
