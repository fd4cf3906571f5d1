import type { CallLog, Ledger, LedgerEntry, ReceivedCall } from '../ledger.ts'
import type { Numbered } from '../recent-log.ts'
import type { AskDispatcher, DispatcherHistory } from './dispatcher.ts'

/** All that is known here of how a message came to be in the ledger. */
type Journey = {
  readonly entry: Numbered<LedgerEntry>
  /** The calls that brought it, refused and repeated ones too, oldest first; the log forgets the oldest. */
  readonly calls: readonly Numbered<ReceivedCall>[]
  readonly dispatcher: DispatcherHistory
}

export type JourneyParts = {
  readonly ledger: Ledger
  readonly calls: CallLog
  /** Nobody is asked where this is missing. */
  readonly askDispatcher: AskDispatcher | undefined
}

/** Finds the journey of the ledger's entry of that number, if it is still kept. */
export type FindJourney = (sequence: number) => Promise<Journey | undefined>

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Why there is nobody to ask about a message. */
const unmarked: Readonly<Record<LedgerEntry['via'], string>> = {
  push: 'This push carries no retry key of a dispatcher',
  reply: "LINE's reply carries no id of the delivery",
  send: 'This message carries no id of a delivery in its metadata (a native payload goes as it is)',
}

export function makeFindJourney({ ledger, calls, askDispatcher }: JourneyParts): FindJourney {
  return async (sequence) => {
    const entry = ledger.find(sequence)
    if (entry === undefined) return undefined
    const found = calls.readLatest({ after: 0, limit: 100, matches: (call) => belongs(call, entry) })
    return { entry, calls: found, dispatcher: await historyOf(entry) }
  }

  async function historyOf({ mark = '', via }: LedgerEntry): Promise<DispatcherHistory> {
    // A mark is whatever the caller wrote: only an id is put into an address.
    if (!uuid.test(mark))
      return { unknown: `${unmarked[via]}: what became of it, GET /ott/v1/send/{messageKey} tells.` }
    if (askDispatcher === undefined)
      return {
        unknown:
          'No dispatcher is asked: the sandbox was started without OTT_URL, OTT_CLIENT_ID and OTT_CLIENT_SECRET.',
      }
    return askDispatcher(mark)
  }
}

/** The same delivery's call; where nothing marks it, the accepted one alone. */
function belongs(call: ReceivedCall, { network, sender, mark, requestId }: LedgerEntry): boolean {
  if (call.network !== network || call.sender !== sender) return false
  return mark === undefined ? requestId !== undefined && call.requestId === requestId : call.mark === mark
}
