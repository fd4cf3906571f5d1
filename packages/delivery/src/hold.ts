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
  /** How long the wait until then was when it was laid down, in milliseconds: the same again after a probe that vanished. */
  waitMs: z.number(),
  /** How many times in a row it was throttled, or was parked and then failed its probes: 1 at first. */
  strikes: z.number(),
  /** Of the registration that is held back. A later registration is not. */
  revision: z.string(),
  /** Parked: the id of the delivery that is let through, whose receipt tells whether the sender is taken again. */
  probe: z.string().optional(),
})
export type Hold = Readonly<z.infer<typeof Hold>>

/** Whether a sender's delivery may be attempted: `probe` is let through although its sender is parked. */
export type Passage = 'pass' | 'held' | 'probe'

/** Whether a delivery may be attempted at this moment. `revision` is of the sender's registration, where there is one. */
export function passage(
  hold: Hold | undefined,
  revision: string | undefined,
  deliveryId: string,
  now: number,
): Passage {
  if (hold === undefined || hold.revision !== revision) return 'pass'
  switch (hold.kind) {
    case 'throttled':
      return now < hold.until ? 'held' : 'pass'
    case 'parked':
      return hold.probe === deliveryId ? 'probe' : 'held'
  }
}
