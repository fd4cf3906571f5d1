import type { Deferred, FailureReason, Hold } from '@ott/delivery'

const secondMs = 1000
const throttleMaxMs = 60 * secondMs

/** No network's word is taken to mean more than this, and no sender waits longer for its next probe. */
const holdMaxMs = 24 * 60 * 60 * secondMs

/** Reasons that pass by themselves at a time that does not depend on how often one asks. */
const steady: ReadonlySet<FailureReason> = new Set<FailureReason>(['quota', 'paused'])

/** The moment of a hold: `revision` is of the sender's registration that the attempt was made with. */
export type HoldMoment = { readonly now: number; readonly revision: string }

/**
 * How a sender is held back that made too many calls: for 1, 2, 4 … 60 seconds and up to a fifth more by chance, while one
 * throttle follows another, or for as long as the network says. `previous` is what held the sender back last, if anything.
 */
export function nextThrottle(
  previous: Hold | undefined,
  { message, retryAfterMs }: Pick<Deferred, 'message' | 'retryAfterMs'>,
  { now, revision }: HoldMoment,
  chance: () => number = Math.random,
): Hold {
  const last = previous?.revision === revision ? previous : undefined
  const asked = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, holdMaxMs)
  if (last?.kind === 'parked') return afterThrottledProbe(last, now + (asked ?? 0))
  // Under way already when the sender was held back: no strike of its own.
  if (last !== undefined && now < last.until) return { ...last, until: Math.max(last.until, now + (asked ?? 0)) }
  const follows = last !== undefined && now < last.until + 2 * last.waitMs
  const strikes = follows ? last.strikes + 1 : 1
  const scheduled = Math.min(2 ** (strikes - 1) * secondMs, throttleMaxMs)
  const waitMs = Math.round((asked ?? scheduled) * (1 + chance() / 5))
  const since = follows ? last.since : now
  return { kind: 'throttled', reason: 'throttled', message, since, until: now + waitMs, waitMs, strikes, revision }
}

/** A parked sender stays so. Its probe has not come through, and the next one is due at the time set when it was let through. */
function afterThrottledProbe({ probe, ...parked }: Hold, notBefore: number): Hold {
  if (probe === undefined) return parked
  return { ...parked, strikes: parked.strikes + 1, until: Math.max(parked.until, notBefore) }
}

/** Why a sender is parked. `retryAfterMs` is the network's own word on when it could be over. */
export type ParkReceipt = {
  readonly reason: FailureReason
  readonly message: string
  readonly retryAfterMs?: number | undefined
}

/**
 * How a sender is parked that the network takes nothing from: the first probe comes after the network's own word or
 * `probeMs`. Where only a person can mend it the wait doubles with each probe that fails, up to a day. `previous` is what
 * held the sender back last, if anything.
 */
export function nextPark(
  previous: Hold | undefined,
  { reason, message, retryAfterMs }: ParkReceipt,
  probeMs: number,
  { now, revision }: HoldMoment,
): Hold {
  const last = previous?.revision === revision && previous.kind === 'parked' ? previous : undefined
  // Under way already when the sender was parked, and not the probe: it has nothing new to say.
  if (last !== undefined && last.probe === undefined) return last
  const strikes = (last?.strikes ?? 0) + 1
  const scheduled = steady.has(reason) ? probeMs : probeMs * 2 ** (strikes - 1)
  const waitMs = Math.min(Math.max(retryAfterMs ?? scheduled, secondMs), holdMaxMs)
  return { kind: 'parked', reason, message, since: last?.since ?? now, until: now + waitMs, waitMs, strikes, revision }
}
