import type { FailureReason } from '@ott/delivery'

import type { FailedPosition } from './redrive-pages.ts'
import type { SkipReason } from './redrive-selection.ts'

/** What a call did, or would do, with the deliveries that are meant. */
export type RedriveTally = {
  /** Redriven; of a count: those that a redrive would take. */
  readonly redriven: number
  readonly byReason: Readonly<Partial<Record<FailureReason, number>>>
  /** Meant, and left as they are. */
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>
  /** How many failed deliveries were looked at, meant or not. */
  readonly looked: number
  /** Where another call goes on. Without it, all were looked at that had failed when the first call was made. */
  readonly next?: FailedPosition | undefined
}

/** What became of one delivery that is meant. `reason` is why it had failed. */
export type Redriven = { readonly redriven: true; readonly reason: FailureReason }
export type Skipped = { readonly redriven: false; readonly why: SkipReason }

/** The sum of several calls' tallies, from which the last one's `next` is kept. */
export function sumOf(tallies: readonly RedriveTally[]): RedriveTally {
  return {
    redriven: tallies.reduce((sum, { redriven }) => sum + redriven, 0),
    byReason: added(tallies.map(({ byReason }) => byReason)),
    skipped: added(tallies.map(({ skipped }) => skipped)),
    looked: tallies.reduce((sum, { looked }) => sum + looked, 0),
    next: tallies.at(-1)?.next,
  }
}

/** The tally of what was done with one page. */
export function tallyOf(looked: number, outcomes: readonly (Redriven | Skipped)[]): RedriveTally {
  const redriven = outcomes.filter((outcome) => outcome.redriven)
  const skipped = outcomes.filter((outcome) => !outcome.redriven)
  return {
    redriven: redriven.length,
    byReason: added(redriven.map(({ reason }) => ({ [reason]: 1 }))),
    skipped: added(skipped.map(({ why }) => ({ [why]: 1 }))),
    looked,
  }
}

function added<Name extends string>(counts: readonly Partial<Record<Name, number>>[]): Partial<Record<Name, number>> {
  const sums: Partial<Record<string, number>> = {}
  for (const count of counts)
    for (const [name, number] of Object.entries<number | undefined>(count))
      sums[name] = (sums[name] ?? 0) + (number ?? 0)
  return sums
}
