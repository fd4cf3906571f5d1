import type { DeliveryEvent, History } from '@ott/delivery'
import { z } from 'zod'

import { toStatusAnswer } from './status-answer.ts'

/** What a client can be told of by callbacks. `message.expired` is a failure whose reason is `expired`. */
export const CallbackType = z.enum(['message.sent', 'message.failed', 'message.expired', 'message.parked'])
export type CallbackType = z.infer<typeof CallbackType>

/** The type of an event by which nothing is told but that callbacks arrive. */
const testType = 'callback.test'

/**
 * One thing to be told by callback: https://www.standardwebhooks.com. `id` is of the event, the same however often it is told: it has
 * neither `.` nor `:`. `at` is when it happened, in milliseconds since 1970. `body` is the JSON that is signed and sent.
 */
export type CallbackEvent = { readonly id: string; readonly at: number; readonly type: string; readonly body: string }

/** What of a history is told by callbacks. */
type Told = Extract<DeliveryEvent, { readonly event: 'sent' | 'failed' | 'parked' }>

/**
 * A delivery's end, or that it was parked, as a callback tells it: `undefined` when it has not come so far, or is under way once more.
 * Without what it says and whom it is for, unless `includeRequestBody`.
 */
export function toCallbackEvent(
  history: History,
  what: 'end' | 'parking',
  { includeRequestBody }: { readonly includeRequestBody: boolean },
): CallbackEvent | undefined {
  const happened = what === 'end' ? endOf(history) : parkingOf(history)
  if (happened === undefined) return undefined
  const { id: ottRequestId, key: messageKey, groupKey: messageGroupKey, network, sender } = history.delivery
  const { requestBody, status, attempts } = toStatusAnswer(history)
  const data = {
    ottRequestId,
    messageKey,
    messageGroupKey,
    from: { senderType: network, senderId: sender },
    status,
    attempts,
    ...(includeRequestBody && { requestBody }),
  }
  return toEvent(`${ottRequestId}-${happened.event}-${happened.at}`, happened.at, { type: typeOf(happened), data })
}

/** An event by which nothing is told but that callbacks arrive. */
export function toTestEvent(id: string, at: number): CallbackEvent {
  return toEvent(`test-${id}`, at, { type: testType, data: {} })
}

function toEvent(id: string, at: number, { type, data }: { readonly type: string; readonly data: object }) {
  return { id, at, type, body: JSON.stringify({ type, timestamp: new Date(at).toISOString(), data }) }
}

function endOf({ events }: History): Told | undefined {
  const last = events.at(-1)
  return last?.event === 'sent' || last?.event === 'failed' ? last : undefined
}

function parkingOf({ events }: History): Told | undefined {
  return events.findLast((happened) => happened.event === 'parked')
}

function typeOf(happened: Told): CallbackType {
  if (happened.event === 'failed' && happened.reason === 'expired') return 'message.expired'
  return `message.${happened.event}`
}
