import type { Happened, SelfEnded } from './books.ts'
import { type Comparison, type Duplicate, type OffenceKind, offenceKinds } from './compare.ts'
import { kindOf, type Recovery } from './recovery.ts'
import type { PlannedEvent } from './schedule.ts'
import type { Story } from './story.ts'

/** What a run comes to; the file of `--json` holds it. */
export type Report = {
  /** Whether everything is 0 that must be. */
  readonly ok: boolean
  readonly seed: number
  /** The command that lets the same happen again. */
  readonly command: string
  readonly startedAt: string
  /** From the first message until everything was settled, and of that the disturbed part. */
  readonly durationSeconds: number
  readonly loadSeconds: number
  readonly acceptedPerSecond: number
  readonly counts: Omit<Comparison, 'offences' | 'duplicates'>
  readonly mustBeZero: Readonly<Record<OffenceKind, number>>
  /** What a network took several times, and during what. */
  readonly duplicates: readonly Duplicate[]
  /** kill -9, by what was killed. */
  readonly kills: Readonly<Record<string, number>>
  /** Everything that happened, by kind. */
  readonly events: Readonly<Record<PlannedEvent['kind'], number>>
  readonly recovery: Readonly<Record<string, Recovery>>
  /** Processes that ended by themselves, and were started again. */
  readonly selfEnded: readonly SelfEnded[]
  /** Processes that did not stop orderly when asked to: `ingress-1: SIGKILL`. */
  readonly disorderly: readonly string[]
  readonly stories: readonly Story[]
  readonly happened: readonly Happened[]
}

/** How many of each kind, so that what must be 0 is there with its 0. */
export function countOffences({ offences }: Comparison): Record<OffenceKind, number> {
  const count = (kind: OffenceKind): number => offences.filter((offence) => offence.kind === kind).length
  return {
    'under way': count('under way'),
    lost: count('lost'),
    'line duplicate': count('line duplicate'),
    'unexplained duplicate': count('unexplained duplicate'),
    'strict duplicate': count('strict duplicate'),
    'wrongly failed': count('wrongly failed'),
    'not taken': count('not taken'),
    'not accepted': count('not accepted'),
    'two ids': count('two ids'),
  }
}

/** What happened, counted by kind, and the kills by what was killed. */
export function countEvents(happened: readonly Happened[]) {
  const of = (kind: PlannedEvent['kind']): readonly Happened[] => happened.filter(({ event }) => event.kind === kind)
  const events = {
    kill: of('kill').length,
    restart: of('restart').length,
    freeze: of('freeze').length,
    cut: of('cut').length,
    rotate: of('rotate').length,
  }
  const kills = Map.groupBy(of('kill'), kindOf)
  return { events, kills: Object.fromEntries(Array.from(kills, ([kind, { length }]) => [kind, length])) }
}

/** A line of the report: what, how many, and whether that must be 0. */
export type Row = { readonly what: string; readonly value: string; readonly mustBeZero?: boolean }

/** The report as lines, in the order they are read. */
export function toRows({ counts, mustBeZero, durationSeconds, loadSeconds, acceptedPerSecond }: Report): Row[] {
  const failures = Object.entries(counts.failed).toSorted(([one], [other]) => one.localeCompare(other))
  const found = new Map(Object.entries(mustBeZero))
  const zeros = Object.entries(offenceKinds).map(([kind, what]): Row => {
    return { what, value: String(found.get(kind) ?? 0), mustBeZero: true }
  })
  return [
    row('accepted', counts.accepted),
    row('  of them while the fleet was disturbed', counts.acceptedWhileDisturbed),
    row('  of them after repeats', counts.repeated),
    row('delivered', counts.delivered),
    row('Sent, unconfirmed: the network has it', counts.unconfirmedDelivered),
    row('Sent, unconfirmed: the network has it not', counts.unconfirmedUndelivered),
    ...failures.map(([reason, count]) => row(`failed: ${reason}`, count)),
    row('parked for a while', counts.parked),
    row('Messenger duplicates', counts.messengerDuplicates),
    ...zeros,
    { what: 'duration', value: `${loadSeconds} s of load, ${durationSeconds} s until all was settled` },
    { what: 'throughput', value: `${acceptedPerSecond} accepted a second` },
  ]
}

function row(what: string, value: number): Row {
  return { what, value: value.toLocaleString('en') }
}
