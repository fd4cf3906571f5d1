import type { Faults, PlannedFault } from '../faults.ts'
import type { CallLog, Ledger, LedgerEntry, NetworkName, ReceivedCall, WrittenLog, WrittenMessage } from '../ledger.ts'
import type { Numbered } from '../recent-log.ts'
import type { DeclaredSenders } from '../senders.ts'

/** As many of each network's newest entries are told; the ledger holds more. */
const entriesMax = 250
const callsMax = 12
const writtenMax = 100

/** What the page shows: of the ledger what is new to it, of all else the state. */
type Update = {
  /** Names this run of the program: a later one knows nothing of what this one told. */
  readonly run: string
  /** The number of the oldest entry still in the ledger, and of the one taken last. */
  readonly oldest: number
  readonly newest: number
  readonly entries: readonly Numbered<LedgerEntry>[]
  readonly written: readonly Numbered<WrittenMessage>[]
  readonly calls: readonly Numbered<ReceivedCall>[]
  readonly faults: readonly PlannedFault[]
  /** A sender of each network whose credentials were declared, if there is one. */
  readonly senders: Readonly<Record<NetworkName, string | undefined>>
  /** Where a dispatcher takes messages for these networks, as far as that is known. */
  readonly dispatcher: string | undefined
}

export type UpdateParts = {
  readonly run: string
  readonly ledger: Ledger
  readonly written: WrittenLog
  readonly calls: CallLog
  readonly faults: Faults
  readonly senders: DeclaredSenders
  readonly dispatcher: string | undefined
}

/** Makes what a page is told that has seen the ledger up to the entry of that number. */
export type MakeUpdate = (after: number) => Update

export function makeUpdates({ ledger, written, calls, faults, senders, ...fixed }: UpdateParts): MakeUpdate {
  const latest = (network: NetworkName, after: number) =>
    ledger.readLatest({ after, limit: entriesMax, matches: (entry) => entry.network === network })

  return (after) => ({
    ...fixed,
    oldest: ledger.oldest,
    newest: ledger.newest,
    entries: [...latest('line', after), ...latest('messenger', after)],
    written: written.readLatest({ after: 0, limit: writtenMax, matches: () => true }),
    calls: calls.readLatest({ after: 0, limit: callsMax, matches: () => true }),
    faults: faults.list(),
    senders: senders.first(),
  })
}
