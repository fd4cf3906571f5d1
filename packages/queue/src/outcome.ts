import { type Job, UnrecoverableError } from 'bullmq'

import { type Entry, writeLog } from './attempts-log.ts'
import { type Failure, writeFailure } from './failure.ts'

/** Tells BullMQ to bring the delivery again, after `waitMs` milliseconds. */
class BroughtAgain extends Error {
  override readonly name = 'BroughtAgain'
  readonly waitMs: number

  constructor(message: string, waitMs: number) {
    super(message)
    this.waitMs = waitMs
  }
}

/** Lets the delivery wait in Redis; its log goes with it, in the same write. */
export function bringAgain(job: Job, log: readonly Entry[], failure: Failure, waitMs: number): never {
  throw withLog(job, log, new BroughtAgain(writeFailure(failure), Math.max(0, Math.round(waitMs))))
}

/** Ends the delivery in failure. */
export function fail(job: Job, log: readonly Entry[], failure: Failure): never {
  throw withLog(job, log, new UnrecoverableError(writeFailure(failure)))
}

/** Whether it is one that was thrown for BullMQ to act on. */
export function isOutcome(error: unknown): boolean {
  return error instanceof BroughtAgain || error instanceof UnrecoverableError
}

/** For BullMQ's backoff: it asks for each error that a processor throws. */
export function waitOf(error: Error | undefined, unexpectedMs: number): number {
  return error instanceof BroughtAgain ? error.waitMs : unexpectedMs
}

/** That BullMQ brings a delivery as often as it is told to: `settle` alone decides how often that is. */
export function leaveRetriesToSettle(job: Job): void {
  job.opts.attempts = Number.MAX_SAFE_INTEGER
  job.opts.backoff = { type: 'settled' }
}

/** BullMQ keeps the error's stack as the last text of the job's stack trace: without one, the job's own stays as it is. */
function withLog<Thrown extends Error>(job: Job, log: readonly Entry[], error: Thrown): Thrown {
  job.stacktrace = writeLog(log)
  error.stack = ''
  return error
}
