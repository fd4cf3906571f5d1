import type { History } from '@ott/delivery'

import { type CallbackEvent, toCallbackEvent } from './callback-event.ts'

/** A delivery that has come to its end, or was parked. */
type Ended = { readonly what: 'end' | 'parking'; readonly history: History }

/** A callback as far as it matters here. */
type Addressee = { readonly id: string; readonly includeRequestBody: boolean }

/** A callback, and what it is to be told. */
export type Due<Callback> = { readonly callback: Callback; readonly events: CallbackEvent[] }

/** What is to be told of deliveries, by callback: to those that `find` finds for their accounts, as far as `isTold`. */
export async function eventsByCallback<Callback extends Addressee>(
  ended: readonly Ended[],
  find: (account: string) => Promise<Callback | undefined> | Callback | undefined,
  isTold: (callback: Callback, event: CallbackEvent) => boolean,
): Promise<readonly Due<Callback>[]> {
  const due = new Map<string, Due<Callback>>()
  for (const { what, history } of ended) {
    const callback = await find(history.delivery.account)
    const event = callback === undefined ? undefined : toCallbackEvent(history, what, callback)
    if (callback === undefined || event === undefined || !isTold(callback, event)) continue
    const known = due.get(callback.id) ?? { callback, events: [] }
    known.events.push(event)
    due.set(callback.id, known)
  }
  return [...due.values()]
}
