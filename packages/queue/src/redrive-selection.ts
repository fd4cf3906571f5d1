import type { Delivery, FailureReason } from '@ott/delivery'
import type { Job } from 'bullmq'

import { leavesDoubt, readLog } from './attempts-log.ts'
import { readFailure } from './failure.ts'
import { readJob } from './job.ts'
import type { FailedJob } from './redrive-pages.ts'

/** Which failed deliveries are meant: those to which everything applies that is given here. Times are milliseconds since 1970. */
export type FailedSelection = {
  readonly network?: string | undefined
  readonly account?: string | undefined
  readonly sender?: string | undefined
  readonly reasons?: readonly FailureReason[] | undefined
  readonly failedFrom?: number | undefined
  readonly failedTo?: number | undefined
  /**
   * Takes in those that failed as `ambiguous`, too. Whether such a delivery is made again, its next attempt decides from what
   * is on record.
   */
  readonly includeAmbiguous?: boolean | undefined
}

/**
 * Why a delivery that is meant is not redriven. `expired`: its validity is over; `ambiguous`: a person could be written to
 * twice; `unreadable`: its job is of no form known here; `taken`: another redrive, or retention, was faster.
 */
export type SkipReason = 'expired' | 'ambiguous' | 'unreadable' | 'taken'

/** What a redrive does with a delivery that is meant. */
type Verdict =
  | { readonly verdict: 'skip'; readonly why: Exclude<SkipReason, 'taken'> }
  | { readonly verdict: 'redrive'; readonly reason: FailureReason }

/** A failed delivery that is meant, by its job. */
export type Meant = { readonly job: Job; readonly verdict: Verdict }

/** Chooses from a page, as far as there is `room` for deliveries to redrive. `looked` is the part of the page it came by. */
export function chooseFrom(
  page: readonly FailedJob[],
  selection: FailedSelection,
  room: number,
): { readonly looked: readonly FailedJob[]; readonly meant: readonly Meant[] } {
  const meant: Meant[] = []
  let left = room
  for (const [index, { job }] of page.entries()) {
    const verdict = job === undefined ? undefined : judge(job, selection, Date.now())
    if (job === undefined || verdict === undefined) continue
    meant.push({ job, verdict })
    if (verdict.verdict === 'redrive') left -= 1
    if (left <= 0) return { looked: page.slice(0, index + 1), meant }
  }
  return { looked: page, meant }
}

/** `undefined` when the delivery is not meant. When it failed is not looked at: it was found by that. */
function judge(job: Job, selection: FailedSelection, now: number): Verdict | undefined {
  const { reason } = readFailure(job.failedReason)
  const read = readJob(job)
  const delivery = 'delivery' in read ? read.delivery : undefined
  if (!isMeant(delivery, reason, selection)) return undefined
  if (delivery === undefined) return { verdict: 'skip', why: 'unreadable' }
  if (reason === 'expired' || (delivery.expiresAt ?? Infinity) <= now) return { verdict: 'skip', why: 'expired' }
  const isInDoubt = reason === 'ambiguous' || readLog(job).some(leavesDoubt)
  if (isInDoubt && selection.includeAmbiguous !== true) return { verdict: 'skip', why: 'ambiguous' }
  return { verdict: 'redrive', reason }
}

/** Whose a job is that cannot be read, nobody knows: it is nobody's who asks for an account's or a sender's. */
function isMeant(
  delivery: Delivery | undefined,
  reason: FailureReason,
  { account, sender, reasons }: FailedSelection,
): boolean {
  return (
    (account === undefined || account === delivery?.account) &&
    (sender === undefined || sender === delivery?.sender) &&
    (reasons === undefined || reasons.includes(reason))
  )
}
