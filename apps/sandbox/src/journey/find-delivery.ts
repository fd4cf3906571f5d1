import type { LedgerEntry, Mark, NetworkName } from '../ledger.ts'
import type { Numbered } from '../recent-log.ts'
import type { AskDispatcher, Told, Untold } from './dispatcher.ts'

/** `asksWhich`: whoever looks at it may name the delivery, and will be told. */
type Nothing = Untold & { readonly asksWhich?: true }

/** Finds the delivery that brought an entry of the ledger; `named` is what somebody takes for its message key or id. */
export type FindDelivery = (entry: Numbered<LedgerEntry>, named?: string) => Promise<Told | Nothing>

export type FindDeliveryParts = {
  /** Nobody is asked where this is missing. */
  readonly askDispatcher: AskDispatcher | undefined
  /** The mark of calls with this reply token. */
  readonly markOf: (replyToken: string) => Mark | undefined
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** So many deliveries that were found by their key are remembered. */
const foundMax = 10_000

/** The message key of the commands that `npm start` and the page give. */
export const usualKeys: Readonly<Record<NetworkName, string>> = { line: 'hello-line', messenger: 'hello-messenger' }

/** Why a message says nothing of its delivery. */
const unmarked: Readonly<Record<LedgerEntry['via'], string>> = {
  push: 'This push carries no retry key of a dispatcher',
  reply: "LINE's reply carries no id of the delivery",
  send: 'This message carries no id of a delivery in its metadata (a native payload goes as it is)',
}

const nobody = {
  unknown: 'No dispatcher is asked: the sandbox was started without OTT_URL, OTT_CLIENT_ID and OTT_CLIENT_SECRET.',
}
const stranger = { unknown: 'The dispatcher was asked: it knows no such delivery of the account that is asked for.' }

/**
 * A push and most of Messenger's messages carry their delivery's id. Another message is asked for by a key that may be its delivery's, and
 * it is, if the dispatcher tells of the very ids that were answered here.
 */
export function makeFindDelivery({ askDispatcher, markOf }: FindDeliveryParts): FindDelivery {
  /** By the entry's number: the next delivery with the same key takes its place. */
  const found = new Map<number, string>()

  function remember(sequence: number, deliveryId: string): void {
    if (found.size >= foundMax) found.clear()
    found.set(sequence, deliveryId)
  }

  return async (entry, named) => {
    if (askDispatcher === undefined) return nobody
    const id = idOf(entry) ?? found.get(entry.sequence)
    if (id !== undefined) return (await askDispatcher(id)) ?? stranger
    const told = await askDispatcher(named ?? usualKeys[entry.network])
    if (told !== undefined && 'unknown' in told) return told
    if (told === undefined || !hasBrought(told, entry, markOf)) return notFound(entry, named)
    remember(entry.sequence, told.deliveryId)
    return told
  }
}

/** The id that the entry itself carries. A mark is whatever the caller wrote: only an id is put into an address. */
export function idOf({ mark = '' }: LedgerEntry): string | undefined {
  return uuid.test(mark) ? mark : undefined
}

/** It was sent with an id that was given here; or, where its answer was lost, with the token that was used up. */
function hasBrought(
  { history, userReference }: Told,
  entry: LedgerEntry,
  markOf: FindDeliveryParts['markOf'],
): boolean {
  return history.status.some(({ event, via, messageIds = [] }) => {
    if (event !== 'Sent') return false
    if (messageIds.length > 0) return messageIds.some((id) => entry.messageIds.includes(id))
    return (
      via === 'reply' && entry.via === via && entry.mark !== undefined && markOf(userReference ?? '') === entry.mark
    )
  })
}

function notFound({ via, network }: LedgerEntry, named?: string): Nothing {
  const tried =
    named === undefined
      ? `${usualKeys[network]}, the key of the commands given here, is not its message key, or no longer`
      : `${named} is not what brought it, or is not told as sent yet`
  return { unknown: `${unmarked[via]}, and ${tried}.`, asksWhich: true }
}
