import type { Delivery } from './delivery.ts'
import type { Accepted, DeferralReason, RefusalReason } from './receipt.ts'

/** Why a delivery ended in failure: refused outright, or deferred until the schedule had no further attempt. */
export type FailureReason = DeferralReason | RefusalReason

/** One thing that happened to a delivery. `at` is milliseconds since 1970. */
export type DeliveryEvent =
  | { readonly event: 'created'; readonly at: number }
  | { readonly event: 'queued'; readonly at: number }
  | { readonly event: 'sent'; readonly at: number; readonly receipt: Accepted }
  | {
      readonly event: 'failed'
      readonly at: number
      readonly reason: FailureReason
      readonly message: string
      /** How many attempts were made. */
      readonly attempts: number
    }

/** All that is known of a delivery, oldest event first. Without a last `sent` or `failed` it is still under way. */
export type History = { readonly delivery: Delivery; readonly events: readonly DeliveryEvent[] }
