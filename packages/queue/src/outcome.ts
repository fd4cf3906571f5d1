import { DelayedError, type Job, UnrecoverableError } from 'bullmq'

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

/**
 * Lets the delivery wait as if it had not been picked up: it is no attempt, it is not in the log, and nobody takes it later for one
 * that a lost worker had. It leaves nothing behind, however many a flood has.
 */
export async function putOff({ job, token }: { job: Job; token: string }, waitMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + Math.max(0, waitMs), token)
  throw new DelayedError()
}

/** Ends the delivery in failure. */
export function fail(job: Job, log: readonly Entry[], failure: Failure): never {
  throw withLog(job, log, new UnrecoverableError(writeFailure(failure)))
}

/** Whether it is one that was thrown for BullMQ to act on. */
export function isOutcome(error: unknown): boolean {
  return error instanceof BroughtAgain || error instanceof UnrecoverableError || error instanceof DelayedError
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
