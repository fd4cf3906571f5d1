import type { AcceptedMessage, Books, ProducerBook, Standing } from './books.ts'
import { explainRepeats } from './explain.ts'
import type { NetworkName } from './schedule.ts'

/** What must never be found. The words are for the report. */
export const offenceKinds = {
  'under way': 'still under way',
  lost: 'lost',
  'line duplicate': 'LINE duplicates',
  'unexplained duplicate': 'Messenger duplicates that nothing explains',
  'strict duplicate': 'Messenger duplicates of at-most-once senders',
  'wrongly failed': 'failed, though the network has it',
  'not taken': 'never taken by the ingress',
  'not accepted': 'delivered, though never answered 201',
  'two ids': 'two ids for one Idempotency-Key',
} as const
export type OffenceKind = keyof typeof offenceKinds

export type Offence = { readonly kind: OffenceKind; readonly index: number; readonly why: string }

/** Each accepted message is counted once in these, but for the lost ones, and for `parked`. */
type Counts = {
  /** Sent, and the network has it. */
  delivered: number
  /** Sent, though the network never said so. */
  unconfirmedDelivered: number
  unconfirmedUndelivered: number
  /** By reason, `expired` and `ambiguous` among them. */
  failed: Record<string, number>
  /** At some time, whatever became of them then. */
  parked: number
  underWay: number
}

/** A message that a network took several times, and the events that explain it: a list for each time but the first. */
export type Duplicate = {
  readonly index: number
  readonly network: NetworkName
  readonly at: readonly number[]
  /** Which deliveries of ours it was, where the network was told: several are an Idempotency-Key that was not heeded. */
  readonly deliveries: readonly string[]
  readonly explainedBy: readonly (readonly string[])[]
}

/** What the three books say together. */
export type Comparison = Readonly<Counts> & {
  readonly accepted: number
  /** Before the last event was over: a load that has fallen behind goes on after it. */
  readonly acceptedWhileDisturbed: number
  /** Accepted ones that took more than one request. */
  readonly repeated: number
  readonly messengerDuplicates: number
  readonly duplicates: readonly Duplicate[]
  readonly offences: readonly Offence[]
}

/** Holds the three books against each other. */
export function compareBooks(books: Books, networkTimeoutMs: number): Comparison {
  const { producer, status, ledger } = books
  const offences: Offence[] = []
  const tally = new Tally()
  for (const [index, message] of producer.accepted) {
    const entries = ledger.get(index) ?? []
    const standing = status.get(index) ?? { state: 'missing' }
    tally.count(standing, entries.length > 0)
    const found = [findLoss(standing, entries.length), findWrongFailure(standing, entries.length), findTwoIds(message)]
    for (const offence of found) if (offence !== undefined) offences.push({ index, ...offence })
  }
  const accepted = [...producer.accepted.values()]
  const calmAt = Math.max(...books.happened.map(({ until = Infinity }) => until))
  const duplicates = findDuplicates(books, networkTimeoutMs)
  for (const { message, why } of producer.untaken) offences.push({ kind: 'not taken', index: message.index, why })
  for (const index of ledger.keys())
    if (!producer.accepted.has(index))
      offences.push({ kind: 'not accepted', index, why: 'the producer has no 201 for it' })
  return {
    accepted: producer.accepted.size,
    acceptedWhileDisturbed: accepted.filter(({ answeredAt }) => answeredAt <= calmAt).length,
    repeated: accepted.filter(({ tries }) => tries > 1).length,
    ...tally.totals,
    messengerDuplicates: duplicates.filter(({ network }) => network === 'messenger').length,
    duplicates,
    offences: [...offences, ...judgeDuplicates(duplicates, producer)],
  }
}

type Found = Omit<Offence, 'index'> | undefined

function findLoss(standing: Standing, entries: number): Found {
  if (standing.state === 'missing') return { kind: 'lost', why: 'answered 201, and no longer known' }
  if (standing.state === 'under way') return { kind: 'under way', why: 'neither Sent nor Error within the limit' }
  const lost = standing.state === 'sent' && standing.confirmed && entries === 0
  return lost ? { kind: 'lost', why: 'Sent and confirmed, but the network has it not' } : undefined
}

function findWrongFailure(standing: Standing, entries: number): Found {
  if (standing.state !== 'failed' || entries === 0 || standing.inDoubt) return undefined
  return {
    kind: 'wrongly failed',
    why: `Error with the reason ${standing.reason} and in no doubt, but the network has it`,
  }
}

function findTwoIds({ id, otherIds }: AcceptedMessage): Found {
  return otherIds.length === 0 ? undefined : { kind: 'two ids', why: `answered as ${[id, ...otherIds].join(' and ')}` }
}

function findDuplicates({ ledger, happened }: Books, networkTimeoutMs: number): Duplicate[] {
  const found: Duplicate[] = []
  for (const [index, entries] of ledger) {
    const [first, second] = entries
    if (first === undefined || second === undefined) continue
    const explainedBy = explainRepeats(entries, happened, networkTimeoutMs)
    const deliveries = [...new Set(entries.flatMap(({ delivery = [] }) => delivery))]
    found.push({ index, network: first.network, at: entries.map(({ at }) => at), deliveries, explainedBy })
  }
  return found
}

function judgeDuplicates(duplicates: readonly Duplicate[], { accepted }: ProducerBook): Offence[] {
  return duplicates.flatMap((duplicate) => {
    const { index, at } = duplicate
    const kind = judge(duplicate, accepted.get(index)?.message.strict ?? false)
    return kind === undefined ? [] : [{ kind, index, why: `the network took it ${at.length} times` }]
  })
}

function judge({ network, explainedBy }: Duplicate, strict: boolean): OffenceKind | undefined {
  if (network === 'line') return 'line duplicate'
  if (strict) return 'strict duplicate'
  return explainedBy.every((names) => names.length > 0) ? undefined : 'unexplained duplicate'
}

class Tally {
  readonly totals: Counts = {
    delivered: 0,
    unconfirmedDelivered: 0,
    unconfirmedUndelivered: 0,
    failed: {},
    parked: 0,
    underWay: 0,
  }

  count(standing: Standing, inLedger: boolean): void {
    const { totals } = this
    if (standing.state === 'missing') return
    if (standing.parked) totals.parked += 1
    if (standing.state === 'under way') totals.underWay += 1
    else if (standing.state === 'failed') totals.failed[standing.reason] = (totals.failed[standing.reason] ?? 0) + 1
    else if (standing.confirmed) totals.delivered += inLedger ? 1 : 0
    else if (inLedger) totals.unconfirmedDelivered += 1
    else totals.unconfirmedUndelivered += 1
  }
}
