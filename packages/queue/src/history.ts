import { Accepted, type DeliveryEvent, FailureReason, type History } from '@ott/delivery'
import type { Job } from 'bullmq'

import { readJob } from './job.ts'

/** Reads a delivery's history off its job; `undefined` when the job's data is of no form known here. */
export function toHistory(job: Job): History | undefined {
  const read = readJob(job.data)
  if (!('delivery' in read)) return undefined
  const events: DeliveryEvent[] = [
    { event: 'created', at: read.delivery.createdAt },
    { event: 'queued', at: job.timestamp },
  ]
  const last = lastEvent(job)
  return { delivery: read.delivery, events: last === undefined ? events : [...events, last], attempts: [] }
}

function lastEvent(job: Job): DeliveryEvent | undefined {
  if (job.finishedOn === undefined) return undefined
  const receipt = Accepted.safeParse(job.returnvalue)
  if (receipt.success) return { event: 'sent', at: job.finishedOn, receipt: receipt.data }
  return { event: 'failed', at: job.finishedOn, attempts: job.attemptsMade, ...readFailure(job.failedReason) }
}

/** The counterpart of settle's `reason: message`. What BullMQ itself writes, such as of a stalled job, has no such reason. */
export function readFailure(failedReason = ''): { reason: FailureReason; message: string } {
  const colon = failedReason.indexOf(': ')
  const reason = FailureReason.safeParse(failedReason.slice(0, colon))
  return reason.success
    ? { reason: reason.data, message: failedReason.slice(colon + 2) }
    : { reason: 'fault', message: failedReason }
}
