import type { Delivery } from '@ott/delivery'
import type { Job } from 'bullmq'

import { type Entry, leavesDoubt, underWaySince } from './attempts-log.ts'
import type { Failure } from './failure.ts'

/** A delivery as it was picked up. `at` is when, in milliseconds since 1970. */
type Taken = {
  readonly job: Pick<Job, 'timestamp'>
  readonly delivery: Pick<Delivery, 'expiresAt'>
  readonly log: readonly Entry[]
  readonly at: number
}

/** When a delivery is given up, in milliseconds since 1970: when its validity ends or, without an end, after `giveUpMs` under way. */
export function endOf({ job, delivery, log }: Omit<Taken, 'at'>, giveUpMs: number): number {
  return delivery.expiresAt ?? underWaySince(log, job) + giveUpMs
}

/** Why a delivery is not attempted any more, if it is not. */
export function whyOverdue({ job, delivery, log, at }: Taken, giveUpMs: number): Failure | undefined {
  const { expiresAt } = delivery
  if (at < endOf({ job, delivery, log }, giveUpMs)) return undefined
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
