/** How long a deferred delivery waits before attempts 2, 3, 4 …; a network's own word on when goes before this. */
const waitsSeconds = [1, 5, 30, 120, 600, 1800, 7200] as const

/** A delivery without an end to its validity has failed after so many attempts that did not settle it. */
export const attemptsMax = waitsSeconds.length + 1

/** No network's word is taken to mean more than this: a header gone wrong must not hold a delivery for years. */
const retryAfterMaxMs = 24 * 60 * 60 * 1000

/** With less than this left of its validity a delivery is not tried at ever shorter intervals any more. */
const nearEndMs = 2000

/** What the wait before a delivery's next attempt depends on. Times are milliseconds since 1970. */
export type Waiting = {
  /** Attempts made so far. */
  readonly attempts: number
  /** The network's own word. */
  readonly retryAfterMs?: number | undefined
  readonly now: number
  /** The end of the delivery's validity. */
  readonly expiresAt?: number | undefined
}

/**
 * The wait before the next attempt, in milliseconds. Up to a fifth is added by chance, so that the deliveries that one outage
 * deferred together do not come back together. As the end of its validity comes nearer a delivery is tried at half of the time
 * that is left, rather than once more when it is too late; never against the network's own word.
 */
export function waitMs(
  { attempts, retryAfterMs, now, expiresAt }: Waiting,
  chance: () => number = Math.random,
): number {
  const scheduled = (waitsSeconds[attempts - 1] ?? waitsSeconds.at(-1) ?? 0) * 1000
  const wait = Math.round(Math.min(retryAfterMs ?? scheduled, retryAfterMaxMs) * (1 + chance() / 5))
  if (expiresAt === undefined) return wait
  const left = Math.max(0, expiresAt - now)
  if (wait < left) return wait
  return retryAfterMs === undefined && left / 2 >= nearEndMs ? Math.round(left / 2) : left
}
