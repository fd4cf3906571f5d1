import type { JobJson } from 'bullmq'

/** What a job taken is known by, in the order in which the script that takes it tells it. */
export const takenFields = ['data', 'timestamp', 'priority', 'ats'] as const

/** What only one that was taken before can have. */
export const takenBeforeFields = ['atm', 'stc', 'progress', 'stacktrace', 'failedReason', 'defa'] as const

/** A job as the script tells of it: its fields in their order, its id, and the other fields if it was taken before. */
export type TakenJob = readonly (string | null)[]

/** A job taken, as BullMQ has it, and the token that it is locked with. */
export type TakenJobJson = JobJson & { readonly token: string }

/** A job taken at `processedOn`, in milliseconds since 1970. */
export function toJobJson(taken: TakenJob, processedOn: number, token: string): TakenJobJson {
  const [data, timestamp, priority, started, id, made, stalled, progress, stacktrace, failedReason, deferred] = taken
  return {
    token,
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
    attemptsMade: Number(made ?? 0),
    stalledCounter: Number(stalled ?? 0),
    failedReason: failedReason ?? '',
    returnvalue: 'null',
    ...(typeof stacktrace === 'string' && { stacktrace }),
    ...(typeof deferred === 'string' && { deferredFailure: deferred }),
  }
}
