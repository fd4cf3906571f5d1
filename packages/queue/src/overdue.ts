import type { Delivery } from '@ott/delivery'
import type { Job } from 'bullmq'

import { append, type Entry, leavesDoubt, underWaySince } from './attempts-log.ts'
import type { Failure } from './failure.ts'
import { fail } from './outcome.ts'
import type { PickUp } from './pick-up.ts'

/** What tells when a delivery that was picked up is given up. */
type Taken = {
  readonly job: Pick<Job, 'timestamp'>
  readonly delivery: Pick<Delivery, 'expiresAt'>
  readonly log: readonly Entry[]
}

/** For how long a delivery is not given up yet, in milliseconds. */
export function leftMs(pickUp: Taken, giveUpMs: number): number {
  return endOf(pickUp, giveUpMs) - Date.now()
}

/** When a delivery is given up, in milliseconds since 1970: when its validity ends or, without an end, after `giveUpMs` under way. */
function endOf({ job, delivery, log }: Taken, giveUpMs: number): number {
  return delivery.expiresAt ?? underWaySince(log, job) + giveUpMs
}

/** Ends a delivery in failure that is not attempted any more, and does nothing about any other. */
export function failIfOverdue(pickUp: PickUp, giveUpMs: number): void {
  const { job, log, at } = pickUp
  if (at < endOf(pickUp, giveUpMs)) return
  const failure = whyOverdue(pickUp, giveUpMs)
  fail(job, append(log, { outcome: 'held', at, pickUp: job.attemptsStarted, ...failure }), failure)
}

function whyOverdue({ delivery: { expiresAt }, log }: PickUp, giveUpMs: number): Failure {
  const last = log.findLast(({ reason }) => reason !== undefined)
  const because = last === undefined ? '' : `; it was put off last for ${last.reason}: ${last.message}`
  if (expiresAt !== undefined)
    return {
      reason: 'expired',
      message: `its validity ended ${new Date(expiresAt).toISOString()}${because}${doubt(log)}`,
    }
  const hours = Math.round(giveUpMs / 3_600_000)
  return {
    reason: last?.reason ?? 'fault',
    message: `it was under way for ${hours} hours and is given up${because}${doubt(log)}`,
  }
}

function doubt(log: readonly Entry[]): string {
  return log.some(leavesDoubt)
    ? '. An attempt was left without a clear answer, so that the network may have taken it'
    : ''
}
