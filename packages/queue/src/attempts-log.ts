import { type Accepted, type AttemptRecord, type Earlier, FailureReason } from '@ott/delivery'
import type { Job } from 'bullmq'
import { z } from 'zod'

import { type Failure, parseFailure } from './failure.ts'
import { isSenders } from './settle.ts'

/**
 * What came of one pick-up of a delivery, unless it was accepted. Times are milliseconds since 1970.
 *
 * `held`: no attempt was made, the delivery waits for its sender to be released or for another worker. `interrupted`: the worker
 * ended in the middle. `redriven`: no pick-up, but an operator who had the failed delivery tried again.
 */
const Entry = z.object({
  outcome: z.enum(['deferred', 'refused', 'held', 'interrupted', 'redriven']),
  at: z.number(),
  /** Of several alike that were made one: when the last of them was. */
  lastAt: z.number().optional(),
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

/**
 * What was put on disk before it happened: that a call was about to be made, by which way and at which pick-up; and of a delivery
 * that had waited for long, when it was taken.
 */
const Recorded = z.object({
  call: z.object({ via: z.string(), pickUp: z.number() }).optional(),
  taken: z.object({ at: z.number(), pickUp: z.number() }).optional(),
})
export type Recorded = Readonly<z.infer<typeof Recorded>>

/** Of more entries than this the first ones are forgotten, but for what the delivery's doubts and its schedule began with. */
const entriesMax = 50

/** A delivery that nothing was known of for so long has the time put on disk when it is taken: see {@link isStale}. */
const staleMs = 12 * 60 * 60 * 1000

/** Entries as they were read, to be written as they were: a later version may have put into them what is not known here. */
const texts = new WeakMap<Entry, string>()

/**
 * A delivery's attempts log is kept with its job, in the array of texts that BullMQ calls the stack trace: it is written by the
 * same script that delays or fails the job, and costs nothing more.
 */
type LoggedJob = Pick<Job, 'stacktrace' | 'returnvalue' | 'progress' | 'attemptsStarted' | 'timestamp'>

/** The log of a job, oldest entry first. */
export function readLog(job: LoggedJob): readonly Entry[] {
  const written = (job.stacktrace ?? []).map((text, index) => readEntry(text, index + 1, job.timestamp))
  // Most have not come so far: they are not to pay for what is read of those that have.
  if (!isObject(job.returnvalue)) return written
  return [...written, ...(Completed.safeParse(job.returnvalue).data?.unwritten ?? [])]
}

/** The log of a job that has just been picked up: it tells of an earlier pick-up that nothing came back from. */
export function readLogAtPickUp(job: LoggedJob): readonly Entry[] {
  const log = readLog(job)
  const known = Math.max(0, ...log.map(({ pickUp = 0 }) => pickUp))
  const before = job.attemptsStarted - 1
  if (known >= before) return log
  const { call, taken } = readRecorded(job)
  const inDoubt = call !== undefined && call.pickUp > known
  // When the worker took it up is mostly not known: not before what came last.
  const at = taken !== undefined && taken.pickUp > known ? taken.at : lastKnownAt(log, job)
  return append(log, { outcome: 'interrupted', at, pickUp: before, inDoubt })
}

/**
 * Whether nothing was known of a delivery for long. Should the worker that takes it be lost, it would seem to have done so at any
 * time since, and what a network forgets after a day could not be relied on any more.
 */
export function isStale(log: readonly Entry[], job: LoggedJob, now: number): boolean {
  return now - lastKnownAt(log, job) > staleMs
}

function lastKnownAt(log: readonly Entry[], { timestamp }: Pick<Job, 'timestamp'>): number {
  const last = log.at(-1)
  return last?.lastAt ?? last?.at ?? timestamp
}

/** The log with one more entry. Of several that say the delivery still waits for the same reason, the first one's time stays. */
export function append(log: readonly Entry[], entry: Entry): readonly Entry[] {
  const last = log.at(-1)
  const stillHeld = last?.outcome === 'held' && entry.outcome === 'held' && last.reason === entry.reason
  const entries = stillHeld ? [...log.slice(0, -1), { ...entry, at: last.at, lastAt: entry.at }] : [...log, entry]
  const excess = entries.length - entriesMax
  if (excess <= 0) return entries
  const beginnings = new Set([
    entries.findIndex(leavesDoubt),
    entries.findIndex(isInDoubt),
    entries.findLastIndex(({ outcome }) => outcome === 'redriven'),
  ])
  return entries.filter((_entry, index) => index >= excess || beginnings.has(index))
}

/** A job that is completed has no stack trace written: what its log has more goes with its return value. */
const Completed = z.object({ unwritten: z.array(Entry) })

/** What a job returns: the receipt, and the interruptions that came before it and are in its log only now. */
export type Returned = Accepted & { readonly unwritten?: readonly Entry[] }

/** The receipt as the job returns it. */
export function toReturned(receipt: Accepted, log: readonly Entry[], job: LoggedJob): Returned {
  const unwritten = log.slice(job.stacktrace?.length ?? 0)
  return unwritten.length === 0 ? receipt : { ...receipt, unwritten }
}

/** The log as the job keeps it. */
export function writeLog(log: readonly Entry[]): string[] {
  return log.map((entry) => texts.get(entry) ?? JSON.stringify(entry))
}

/** What is on record of a job. */
export function readRecorded({ progress }: Pick<Job, 'progress'>): Recorded {
  return isObject(progress) ? (Recorded.safeParse(progress).data ?? {}) : {}
}

/** What the attempts left behind, for the next one. */
export function toEarlier(log: readonly Entry[], { call }: Recorded): Earlier {
  const doubtful = log.filter(leavesDoubt)
  return {
    recorded: call?.via,
    inDoubt: log.some(isInDoubt),
    doubtfulSince: doubtful.length === 0 ? undefined : Math.min(...doubtful.map(({ at }) => at)),
  }
}

/** How many attempts came to an end since the delivery was queued, or last redriven. Neither a worker's death nor the sender's trouble uses up one. */
export function countAttempts(log: readonly Entry[]): number {
  const redriven = log.findLastIndex(({ outcome }) => outcome === 'redriven')
  const made = log.slice(redriven + 1).filter(({ outcome }) => outcome === 'deferred' || outcome === 'refused')
  return made.filter(({ reason }) => reason === undefined || !isSenders(reason)).length
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

function readEntry(text: string, pickUp: number, queuedAt: number): Entry {
  const json = parseJson(text)
  const entry = Entry.safeParse(json).data ?? readForeign(parseFailure(text), json, { pickUp, queuedAt })
  texts.set(entry, text)
  return entry
}

/**
 * Jobs of the first form kept each failed attempt as `reason: message`, without its time. Anything else is BullMQ's own (the stack
 * of an error that kept it from completing a job that a network may have taken) or a later version's: it stands for a pick-up
 * that nothing is known of.
 */
function readForeign(
  failure: Failure | undefined,
  json: unknown,
  { pickUp, queuedAt }: { readonly pickUp: number; readonly queuedAt: number },
): Entry {
  return failure === undefined
    ? { outcome: 'interrupted', at: queuedAt, inDoubt: json !== undefined }
    : { outcome: 'deferred', at: queuedAt, pickUp, ...failure, inDoubt: failure.reason === 'no-answer' }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
