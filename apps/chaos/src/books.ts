import type { PlannedMessage } from './load.ts'
import type { MemberName, NetworkName, PlannedEvent } from './schedule.ts'

// What a run writes down. Times are milliseconds since 1970: all on one machine, by one clock.

/** A message that was answered 201. */
export type AcceptedMessage = {
  readonly message: PlannedMessage
  readonly id: string
  readonly idempotencyKey: string
  /** Which ingress answered, and when. */
  readonly ingress: MemberName
  readonly firstTriedAt: number
  readonly answeredAt: number
  /** Requests that were made until then. */
  readonly tries: number
  /** Ids answered to the same key that are not `id`. */
  readonly otherIds: readonly string[]
}

/** A message that was not. `why` is the definite answer, or that none came until the end of the run. */
export type UntakenMessage = { readonly message: PlannedMessage; readonly why: string }

export type ProducerBook = {
  readonly accepted: ReadonlyMap<number, AcceptedMessage>
  readonly untaken: readonly UntakenMessage[]
}

/** What our API says became of a message. `at` is when that was. */
export type Standing =
  | { readonly state: 'sent'; readonly at: number; readonly confirmed: boolean; readonly parked: boolean }
  | {
      readonly state: 'failed'
      readonly at: number
      readonly reason: string
      /** Whether the error says itself that the network may have it. */
      readonly inDoubt: boolean
      readonly parked: boolean
    }
  | { readonly state: 'under way'; readonly parked: boolean }
  | { readonly state: 'missing' }

/** By the message's index. */
type StatusBook = ReadonlyMap<number, Standing>

/** What the network took, and `index` is the message it was. */
export type LedgerEntry = {
  readonly index: number
  readonly network: NetworkName
  readonly via: string
  /** Which delivery of ours it was, where the network was told: LINE's retry key, Messenger's metadata. */
  readonly delivery?: string | undefined
  readonly messageIds: readonly string[]
  readonly at: number
}

/** By the message's index, oldest first. */
type LedgerBook = ReadonlyMap<number, readonly LedgerEntry[]>

/** An event of the schedule as it really happened. */
export type Happened = {
  readonly event: PlannedEvent
  /** For people: `kill worker-line-1`. */
  readonly name: string
  readonly from: number
  /** When it was over: a killed process is spawned again, a frozen one runs on, a cut is mended. */
  until?: number
  /** When a killed member was ready again. */
  readyAt?: number
}

/** A process that ended though nobody asked it to. */
export type SelfEnded = { readonly member: MemberName; readonly how: string; readonly at: number }

export type Books = {
  readonly producer: ProducerBook
  readonly status: StatusBook
  readonly ledger: LedgerBook
  readonly happened: readonly Happened[]
}
