import { Accepted, type DeliveryEvent, type History } from '@ott/delivery'
import type { Job } from 'bullmq'

import { type Entry, leavesDoubt, readLog, toAttempts } from './attempts-log.ts'
import { readFailure } from './failure.ts'
import { readJob } from './job.ts'

/** A delivery was queued by a later version of this program, which can read it. */
export class NewerForm extends Error {
  override readonly name = 'NewerForm'
}

/**
 * Reads a delivery's history off its job; `undefined` when the job's data is of no form known anywhere. Throws {@link NewerForm}
 * when it is of one that this version does not read yet.
 */
export function toHistory(job: Job): History | undefined {
  const read = readJob(job)
  if ('newer' in read) throw new NewerForm(`this version does not read deliveries of form ${read.newer}: update it`)
  if (!('delivery' in read)) return undefined
  const log = readLog(job)
  const attempts = toAttempts(log)
  const receipt = job.finishedOn === undefined ? undefined : Accepted.safeParse(job.returnvalue).data
  return {
    delivery: read.delivery,
    events: [
      { event: 'created', at: read.delivery.createdAt },
      { event: 'queued', at: job.timestamp },
      ...log.flatMap(toEvents),
      ...lastEvents(job, log, receipt, attempts.length),
    ],
    attempts:
      receipt === undefined
        ? attempts
        : [...attempts, { outcome: 'accepted', at: job.processedOn ?? job.timestamp, requestId: receipt.requestId }],
  }
}

/** A delivery is parked once, however often it is looked at until its sender is released. */
function toEvents(
  { outcome, at, parked, reason = 'fault', message = '' }: Entry,
  index: number,
  log: readonly Entry[],
): DeliveryEvent[] {
  if (outcome === 'redriven') return [{ event: 'redriven', at }]
  return parked === true && log[index - 1]?.parked !== true ? [{ event: 'parked', at, reason, message }] : []
}

function lastEvents(job: Job, log: readonly Entry[], receipt: Accepted | undefined, attempts: number): DeliveryEvent[] {
  if (job.finishedOn === undefined) return []
  if (receipt !== undefined) return [{ event: 'sent', at: job.finishedOn, receipt }]
  const failure = readFailure(job.failedReason)
  return [{ event: 'failed', at: job.finishedOn, attempts, ...failure, inDoubt: log.some(leavesDoubt) }]
}
