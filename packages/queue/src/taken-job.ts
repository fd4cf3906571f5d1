import type { JobJson } from 'bullmq'

/** What a job taken is known by, in the order in which the script that takes it tells it; the id comes last. */
export const takenFields = [
  'data',
  'timestamp',
  'priority',
  'ats',
  'atm',
  'stc',
  'progress',
  'stacktrace',
  'failedReason',
  'defa',
] as const

/** A job as the script tells of it: its fields in their order, and its id. */
export type TakenJob = readonly (string | null)[]

/** A job taken at `processedOn`, in milliseconds since 1970, as BullMQ has it. */
export function toJobJson(taken: TakenJob, processedOn: number): JobJson {
  const [data, timestamp, priority, started, made, stalled, progress, stacktrace, failedReason, deferred, id] = taken
  return {
    id: id ?? '',
    name: 'deliver',
    data: data ?? '{}',
    opts: {},
    progress: typeof progress === 'string' ? JSON.parse(progress) : 0,
    delay: 0,
    priority: Number(priority),
    timestamp: Number(timestamp),
    processedOn,
    attemptsStarted: Number(started),
    attemptsMade: Number(made),
    stalledCounter: Number(stalled),
    failedReason: failedReason ?? '',
    returnvalue: 'null',
    ...(typeof stacktrace === 'string' && { stacktrace }),
    ...(typeof deferred === 'string' && { deferredFailure: deferred }),
  }
}
