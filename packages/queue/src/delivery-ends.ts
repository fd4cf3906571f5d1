import type { FailureReason } from '@ott/delivery'
import type { Worker } from 'bullmq'

import { readFailure } from './failure.ts'

/** What becomes of deliveries, told once Redis has it. What waits for its sender's pace or a place has come to no end. */
export type DeliveryEnds = {
  readonly sent: () => void
  readonly failed: (reason: FailureReason) => void
  /** It waits to be taken again: to be attempted once more, or for its sender to be released. */
  readonly broughtAgain: (reason: FailureReason) => void
  /** It is back in the queue, since the worker that had it was lost. */
  readonly stalled: () => void
}

/** Tells of the deliveries of one BullMQ worker; of those that were lost, what it found of any worker's. */
export function tellEnds(worker: Worker, ends: DeliveryEnds): void {
  worker.on('completed', () => ends.sent())
  worker.on('failed', (job, { message }) => {
    const { reason } = readFailure(message)
    if (job?.finishedOn === undefined) ends.broughtAgain(reason)
    else ends.failed(reason)
  })
  worker.on('stalled', () => ends.stalled())
}
