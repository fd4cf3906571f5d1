import { type Accepted, type AttemptRecord, type Earlier, FailureReason } from '@ott/delivery'
import type { Job } from 'bullmq'
import { z } from 'zod'

import { readFailure } from './failure.ts'

/**
 * What came of one pick-up of a delivery, unless it was accepted. Times are milliseconds since 1970.
 *
 * `held`: no attempt was made, the delivery waits for its sender to be released or for another worker. `interrupted`: the worker
 * ended in the middle. `redriven`: no pick-up, but an operator who had the failed delivery tried again.
 */
const Entry = z.object({
  outcome: z.enum(['deferred', 'refused', 'held', 'interrupted', 'redriven']),
  at: z.number(),
  /** Which pick-up it was: BullMQ counts them. */
  pickUp: z.number().optional(),
  reason: FailureReason.optional(),
  message: z.string().optional(),
  requestId: z.string().optional(),
  /** The delivery waits from then on for its sender to be released. */
  parked: z.boolean().optional(),
  /** The network may have taken the delivery, and nothing told. */
  inDoubt: z.boolean().optional(),
})
export type Entry = Readonly<z.infer<typeof Entry>>

/** That a call was about to be made, put on disk before it was: the way it was to go, and at which pick-up. */
const Recorded = z.object({ via: z.string(), pickUp: z.number() })
export type Recorded = Readonly<z.infer<typeof Recorded>>

/** Of more entries than this the first ones are forgotten, but for those that leave the delivery in doubt. */
const entriesMax = 50

/**
 * A delivery's attempts log is kept with its job, in the array of texts that BullMQ calls the stack trace: it is written by the
 * same script that delays or fails the job, and costs nothing more.
 */
type LoggedJob = Pick<Job, 'stacktrace' | 'returnvalue' | 'progress' | 'attemptsStarted' | 'timestamp'>

/** The log of a job, oldest entry first. */
export function readLog(job: LoggedJob): readonly Entry[] {
  const written = (job.stacktrace ?? []).map((text, index) => readEntry(text, index + 1, job.timestamp))
  return [...written, ...(Completed.safeParse(job.returnvalue).data?.unwritten ?? [])]
}

/** The log of a job that has just been picked up: it tells of an earlier pick-up that nothing came back from. */
export function readLogAtPickUp(job: LoggedJob): readonly Entry[] {
  const log = readLog(job)
  const known = Math.max(0, ...log.map(({ pickUp = 0 }) => pickUp))
  const before = job.attemptsStarted - 1
  if (known >= before) return log
  const recorded = readRecorded(job)
  const inDoubt = recorded !== undefined && recorded.pickUp > known
  // When the worker took it up is not known: not before what came last.
  return append(log, { outcome: 'interrupted', at: log.at(-1)?.at ?? job.timestamp, pickUp: before, inDoubt })
}

/** The log with one more entry. Of several that say the delivery still waits for the same reason, the first one's time stays. */
export function append(log: readonly Entry[], entry: Entry): readonly Entry[] {
  const last = log.at(-1)
  const stillHeld = last?.outcome === 'held' && entry.outcome === 'held' && last.reason === entry.reason
  const entries = stillHeld ? [...log.slice(0, -1), { ...entry, at: last.at }] : [...log, entry]
  const excess = entries.length - entriesMax
  return excess <= 0 ? entries : entries.filter((kept, index) => index >= excess || leavesDoubt(kept))
}

/** A job that is completed has no stack trace written: what its log has more goes with its return value. */
const Completed = z.object({ unwritten: z.array(Entry) })

/** What a job returns: the receipt, and the interruptions that came before it and are in its log only now. */
export type Returned = Accepted & { readonly unwritten?: readonly Entry[] }

/** The receipt as the job returns it. */
export function toReturned(receipt: Accepted, log: readonly Entry[], job: LoggedJob): Returned {
  const unwritten = log.slice(readLog(job).length)
  return unwritten.length === 0 ? receipt : { ...receipt, unwritten }
}

/** The log as the job keeps it. */
export function writeLog(log: readonly Entry[]): string[] {
  return log.map((entry) => JSON.stringify(entry))
}

/** What is on record of the calls made for a job. */
export function readRecorded({ progress }: Pick<Job, 'progress'>): Recorded | undefined {
  return Recorded.safeParse(progress).data
}

/** What the attempts left behind, for the next one. */
export function toEarlier(log: readonly Entry[], recorded: Recorded | undefined): Earlier {
  const doubtful = log.filter(leavesDoubt)
  return {
    recorded: recorded?.via,
    inDoubt: log.some(isInDoubt),
    doubtfulSince: doubtful.length === 0 ? undefined : Math.min(...doubtful.map(({ at }) => at)),
  }
}

/** How many attempts came to an end since the delivery was queued, or last redriven. A worker's death uses up none. */
export function countAttempts(log: readonly Entry[]): number {
  const redriven = log.findLastIndex(({ outcome }) => outcome === 'redriven')
  return log.slice(redriven + 1).filter(({ outcome }) => outcome === 'deferred' || outcome === 'refused').length
}

/** Since when the delivery is under way: since it was queued, or last redriven. */
export function underWaySince(log: readonly Entry[], { timestamp }: Pick<Job, 'timestamp'>): number {
  return log.findLast(({ outcome }) => outcome === 'redriven')?.at ?? timestamp
}

/** The attempts that were made. */
export function toAttempts(log: readonly Entry[]): AttemptRecord[] {
  return log.flatMap(({ outcome, at, reason, message, requestId }) =>
    outcome === 'held' || outcome === 'redriven' ? [] : [{ outcome, at, reason, message, requestId }],
  )
}

/**
 * Whether the network may have taken the delivery then. A worker that was lost may have delivered without anything on record:
 * not every way of sending asks for one.
 */
export function leavesDoubt(entry: Entry): boolean {
  return isInDoubt(entry) || entry.outcome === 'interrupted'
}

function isInDoubt({ inDoubt, reason }: Entry): boolean {
  return inDoubt === true || reason === 'ambiguous'
}

/** Jobs of the first form kept each failed attempt as `reason: message`, without its time. */
function readEntry(text: string, pickUp: number, queuedAt: number): Entry {
  const entry = Entry.safeParse(parseJson(text))
  if (entry.success) return entry.data
  const failure = readFailure(text)
  return { outcome: 'deferred', at: queuedAt, pickUp, ...failure, inDoubt: failure.reason === 'no-answer' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
