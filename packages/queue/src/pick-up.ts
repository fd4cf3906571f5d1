import type { Delivery } from '@ott/delivery'
import type { Job } from 'bullmq'

import { type Entry, readRecorded } from './attempts-log.ts'
import type { Settlement } from './settle.ts'

/** One delivery in hand. `at` is when it was picked up, in milliseconds since 1970. */
export type PickUp = {
  readonly job: Job
  readonly token: string
  readonly delivery: Delivery
  readonly log: readonly Entry[]
  readonly at: number
}

/** Whoever stops knows what it did: without a record no call was made that a record is asked for. */
export function toInterrupted(pickUp: PickUp, settlement: Exclude<Settlement, { to: 'sent' }>): Entry {
  const recordedNow = readRecorded(pickUp.job).call?.pickUp === pickUp.job.attemptsStarted
  const entry = toEntry(pickUp, settlement)
  return { ...entry, outcome: 'interrupted', inDoubt: entry.inDoubt === true && recordedNow }
}

/** What the log is told of an attempt that was not accepted. */
export function toEntry({ job, at }: PickUp, { because }: Exclude<Settlement, { to: 'sent' }>): Entry {
  const { outcome, reason, message, requestId, inDoubt } = because
  return { outcome, at, pickUp: job.attemptsStarted, reason, message, requestId, inDoubt }
}
