import type { Books, Happened } from './books.ts'
import { networkNames } from './schedule.ts'

/** Milliseconds; `undefined` of none. */
export type Percentiles = { readonly p50: number | undefined; readonly p99: number | undefined }

export type Recovery = {
  readonly kills: number
  /** From the kill until the one that was started in its place was ready. */
  readonly ready: Percentiles
  /** From the kill until the next delivery was settled by those of its kind (accepted by an ingress, for one). */
  readonly served: Percentiles
}

type Ends = { readonly accepted: readonly number[]; readonly settled: Readonly<Record<string, readonly number[]>> }

/** How long the fleet took to recover, by what was killed: `ingress`, `worker-line` … */
export function measureRecovery(books: Books): Readonly<Record<string, Recovery>> {
  const ends = endsOf(books)
  const byKind = Map.groupBy(
    books.happened.filter(({ event }) => event.kind === 'kill'),
    (happened) => kindOf(happened),
  )
  return Object.fromEntries(
    Array.from(byKind, ([kind, kills]) => [
      kind,
      {
        kills: kills.length,
        ready: percentiles(kills.map(({ from, readyAt }) => readyAt && readyAt - from)),
        served: percentiles(kills.map((kill) => servedAfter(kill, kind, ends))),
      },
    ]),
  )
}

/** What happened to a member, without its number. */
export function kindOf({ event }: Happened): string {
  return 'member' in event ? event.member.replace(/-\d$/, '') : event.kind
}

/** Nothing can be settled while Redis is away, whatever the time that is noted: it counts from when Redis was back. */
function servedAfter({ from, until }: Happened, kind: string, ends: Ends): number | undefined {
  const all = Object.values(ends.settled).flat()
  const moments = kind === 'ingress' ? ends.accepted : (ends.settled[kind] ?? all)
  const since = kind === 'redis' ? (until ?? from) : from
  let next: number | undefined
  for (const at of moments) if (at > since && (next === undefined || at < next)) next = at
  return next && next - from
}

function endsOf({ producer, status }: Books): Ends {
  const settled: Record<string, number[]> = Object.fromEntries(networkNames.map((name) => [`worker-${name}`, []]))
  for (const [index, standing] of status) {
    const network = producer.accepted.get(index)?.message.network
    if ('at' in standing) settled[`worker-${network}`]?.push(standing.at)
  }
  return { accepted: Array.from(producer.accepted.values(), ({ answeredAt }) => answeredAt), settled }
}

/** Of those that are known. */
export function percentiles(values: readonly (number | undefined)[]): Percentiles {
  const known = values.filter((value) => value !== undefined).toSorted((one, other) => one - other)
  const at = (share: number): number | undefined => known[Math.max(0, Math.ceil(known.length * share) - 1)]
  return { p50: at(0.5), p99: at(0.99) }
}
