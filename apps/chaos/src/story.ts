import type { Api } from './api.ts'
import type { Books, LedgerEntry } from './books.ts'
import type { Offence } from './compare.ts'
import { readStatus } from './statuses.ts'

/** All that is known of a message that came to something it never must. */
export type Story = Offence & {
  readonly id: string | undefined
  readonly request: object | undefined
  readonly status: unknown
  readonly ledger: readonly LedgerEntry[]
  /** What happened while it was under way: `12:00:01.250 kill worker-line-1 (until 12:00:02.100)`. */
  readonly events: readonly string[]
}

/** Of each kind; more would not be read. */
const storiesMax = 5

/** What happened shortly before may matter still. */
const beforeMs = 3000

export async function tellStories(offences: readonly Offence[], books: Books, api: Api): Promise<Story[]> {
  const stories: Story[] = []
  const byKind = Map.groupBy(offences, ({ kind }) => kind)
  for (const offence of [...byKind.values()].flatMap((alike) => alike.slice(0, storiesMax))) {
    const accepted = books.producer.accepted.get(offence.index)
    const ledger = books.ledger.get(offence.index) ?? []
    const status = accepted && (await readStatus(api, accepted.id).catch((error: unknown) => String(error)))
    stories.push({
      ...offence,
      id: accepted?.id,
      request: accepted,
      status,
      ledger,
      events: eventsAround(offence, books),
    })
  }
  return stories
}

function eventsAround({ index }: Offence, { producer, status, ledger, happened }: Books): string[] {
  const standing = status.get(index)
  const entries = (ledger.get(index) ?? []).map(({ at }) => at)
  const moments = [...entries, ...(standing !== undefined && 'at' in standing ? [standing.at] : [])]
  const begun = producer.accepted.get(index)?.firstTriedAt ?? entries[0]
  if (begun === undefined) return []
  const ended = moments.length === 0 ? Infinity : Math.max(...moments)
  return happened
    .filter(({ from, until = Infinity }) => from <= ended && until >= begun - beforeMs)
    .map(({ name, from, until }) => `${clock(from)} ${name} (until ${until === undefined ? 'the end' : clock(until)})`)
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}
