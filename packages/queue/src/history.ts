import { Accepted, type DeliveryEvent, type History } from '@ott/delivery'
import type { Job } from 'bullmq'

import { type Entry, leavesDoubt, readLog, toAttempts } from './attempts-log.ts'
import { readFailure } from './failure.ts'
import { readJob } from './job.ts'

/** Reads a delivery's history off its job; `undefined` when the job's data is of no form known here. */
export function toHistory(job: Job): History | undefined {
  const read = readJob(job.data)
  if (!('delivery' in read)) return undefined
  const log = readLog(job)
  const attempts = toAttempts(log)
  const receipt = job.finishedOn === undefined ? undefined : Accepted.safeParse(job.returnvalue).data
  return {
    delivery: read.delivery,
    events: [
      { event: 'created', at: read.delivery.createdAt },
      { event: 'queued', at: job.timestamp },
      ...log.flatMap(toRedriven),
      ...lastEvents(job, log, receipt, attempts.length),
    ],
    attempts:
      receipt === undefined
        ? attempts
        : [...attempts, { outcome: 'accepted', at: job.processedOn ?? job.timestamp, requestId: receipt.requestId }],
  }
}

function toRedriven({ outcome, at }: Entry): DeliveryEvent[] {
  return outcome === 'redriven' ? [{ event: 'redriven', at }] : []
}

function lastEvents(job: Job, log: readonly Entry[], receipt: Accepted | undefined, attempts: number): DeliveryEvent[] {
  if (job.finishedOn === undefined) return toParked(log.at(-1))
  if (receipt !== undefined) return [{ event: 'sent', at: job.finishedOn, receipt }]
  const failure = readFailure(job.failedReason)
  return [{ event: 'failed', at: job.finishedOn, attempts, ...failure, inDoubt: log.some(leavesDoubt) }]
}

function toParked(last: Entry | undefined): DeliveryEvent[] {
  if (last?.parked !== true) return []
  const { at, reason = 'fault', message = '' } = last
  return [{ event: 'parked', at, reason, message }]
}
