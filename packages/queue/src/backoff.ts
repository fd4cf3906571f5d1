import { DeliveryDeferred } from './settle.ts'

/** How long a deferred delivery waits before attempts 2, 3, 4 …; a network's own word on when goes before this. */
const waitsSeconds = [1, 5, 30, 120, 600, 1800, 7200] as const

/** After so many attempts without an answer that settles it, a delivery has failed. */
export const attemptsMax = waitsSeconds.length + 1

/** No network's word is taken to mean more than this: a header gone wrong must not park a delivery for years. */
const retryAfterMaxMs = 24 * 60 * 60 * 1000

/**
 * The wait before the next attempt, in milliseconds. Up to a fifth is added by chance, so that the deliveries that one
 * outage deferred together do not come back together.
 */
export function waitMs(attemptsMade: number, error: Error | undefined, chance: () => number = Math.random): number {
  const asked = error instanceof DeliveryDeferred ? error.receipt.retryAfterMs : undefined
  const scheduled = (waitsSeconds[attemptsMade - 1] ?? waitsSeconds.at(-1) ?? 0) * 1000
  return Math.round(Math.min(asked ?? scheduled, retryAfterMaxMs) * (1 + chance() / 5))
}
