import { z } from 'zod'

import { DeferralReason, RefusalReason } from './receipt.ts'

/** Why a delivery waits or ended in failure: refused outright, or deferred until there was no further attempt. */
export const FailureReason = z.union([DeferralReason, RefusalReason])
export type FailureReason = z.infer<typeof FailureReason>

/**
 * A sender is held back: its deliveries wait, and no other sender's do. Times are milliseconds since 1970.
 *
 * `throttled`: until a moment, since it made too many calls. `parked`: until it is registered again or resumed, or until one
 * of its deliveries, let through as a probe, is accepted.
 */
export const Hold = z.object({
  kind: z.enum(['throttled', 'parked']),
  reason: FailureReason,
  message: z.string(),
  since: z.number(),
  /** Throttled: when it ends. Parked: when the next probe is let through. */
  until: z.number(),
  /** How many times in a row it was throttled, or a probe failed. */
  strikes: z.number(),
  /** Of the registration that is held back. A later registration is not. */
  revision: z.string(),
})
export type Hold = Readonly<z.infer<typeof Hold>>
