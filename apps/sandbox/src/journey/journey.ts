import type { CallLog, Ledger, LedgerEntry, Mark, ReceivedCall } from '../ledger.ts'
import type { Numbered } from '../recent-log.ts'
import type { DispatcherHistory, Told, Untold } from './dispatcher.ts'
import type { FindDelivery, FindDeliveryParts } from './find-delivery.ts'

/** All that is known here of how a message came to be in the ledger. */
type Journey = {
  readonly entry: Numbered<LedgerEntry>
  /** The calls that brought it, refused and repeated ones too, oldest first; the log forgets the oldest. */
  readonly calls: readonly Numbered<ReceivedCall>[]
  readonly dispatcher: DispatcherHistory | Untold
}

export type JourneyParts = Pick<FindDeliveryParts, 'markOf'> & {
  readonly ledger: Ledger
  readonly calls: CallLog
  readonly findDelivery: FindDelivery
}

/**
 * Finds the journey of the ledger's entry of that number, if it is still kept. `named`: the message key or the id of its delivery, for an
 * entry that has none.
 */
export type FindJourney = (sequence: number, named?: string) => Promise<Journey | undefined>

export function makeFindJourney({ ledger, calls, findDelivery, markOf }: JourneyParts): FindJourney {
  return async (sequence, named) => {
    const entry = ledger.find(sequence)
    if (entry === undefined) return undefined
    const told = await findDelivery(entry, named)
    const matches =
      'unknown' in told
        ? (call: ReceivedCall) => isAlike(call, entry)
        : makeIsOf(entry, told, markOf(told.userReference ?? ''))
    const found = calls.readLatest({ after: 0, limit: 100, matches })
    return { entry, calls: found, dispatcher: 'unknown' in told ? told : told.history }
  }
}

/** With the same mark; where nothing marks it, the accepted call alone. */
function isAlike(call: ReceivedCall, entry: LedgerEntry): boolean {
  if (!isOfSender(call, entry)) return false
  return entry.mark === undefined ? isSame(call, entry) : call.mark === entry.mark
}

/**
 * The delivery's calls: with its id, or those with its reply token or its payload while it was under way, since others may use the same
 * token before or after it.
 */
function makeIsOf(entry: LedgerEntry, { deliveryId, history }: Told, tokenMark: Mark | undefined) {
  const [from, to] = spanOf(history)
  return (call: ReceivedCall): boolean => {
    if (!isOfSender(call, entry) || call.mark === undefined) return false
    if (call.mark === deliveryId || isSame(call, entry)) return true
    return (call.mark === entry.mark || call.mark === tokenMark) && call.arrivedAt >= from && call.arrivedAt <= to
  }
}

function isOfSender(call: ReceivedCall, { network, sender }: LedgerEntry): boolean {
  return call.network === network && call.sender === sender
}

function isSame(call: ReceivedCall, { requestId }: LedgerEntry): boolean {
  return requestId !== undefined && call.requestId === requestId
}

/** From when until when the delivery was under way, in milliseconds since 1970. */
function spanOf({ status }: DispatcherHistory): [from: number, to: number] {
  const [first, last] = [status[0], status.at(-1)]
  const ended = last?.event === 'Sent' || last?.event === 'Error' ? Date.parse(last.eventDateTime) : Infinity
  return [Date.parse(first?.eventDateTime ?? ''), ended]
}
