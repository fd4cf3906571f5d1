import {
  accepted,
  type AttemptRecord,
  type Delivery,
  type DeliveryEvent,
  type History,
  type NetworkDefinition,
} from '@ott/delivery'
import { type CallbackType, toCallbackEvent, toStatusAnswer } from '@ott/wire'

import { ottRequestId, personOf, senderId } from './examples.ts'

const createdAt = Date.UTC(2026, 10, 23, 9, 30, 15, 250)
const attemptedAt = createdAt + 50
const answeredAt = createdAt + 230
const expiresAt = createdAt + 30 * 60_000

/** How a message fares once it is queued. */
type Outcome = { readonly event: DeliveryEvent; readonly attempt: AttemptRecord }

/** By what is told of it. */
function outcomeOf(type: CallbackType, title: string): Outcome {
  const attempt = { at: attemptedAt, outcome: 'refused', message: `${title} answered 400` } as const
  switch (type) {
    case 'message.sent': {
      const receipt = accepted('push', ['461230966842064897'])
      return { event: { event: 'sent', at: answeredAt, receipt }, attempt: { at: attemptedAt, outcome: 'accepted' } }
    }
    case 'message.failed': {
      const why = { reason: 'recipient', message: attempt.message } as const
      const event = { event: 'failed', at: answeredAt, ...why, attempts: 1, inDoubt: false } as const
      return { event, attempt: { ...attempt, ...why } }
    }
    case 'message.expired': {
      const message = `its validity ended ${new Date(expiresAt).toISOString()}`
      const event = { event: 'failed', at: expiresAt, reason: 'expired', message, attempts: 1, inDoubt: false } as const
      const last = { reason: 'unavailable', message: `${title} answered 503` } as const
      return { event, attempt: { at: attemptedAt, outcome: 'deferred', ...last } }
    }
    case 'message.parked': {
      const why = { reason: 'credentials', message: `${title} answered 401` } as const
      return { event: { event: 'parked', at: answeredAt, ...why }, attempt: { ...attempt, ...why } }
    }
  }
}

/** What the status tells of a message that was sent. */
export function statusExample(network: string, definition: NetworkDefinition) {
  return toStatusAnswer(historyOf(network, definition, 'message.sent'))
}

/** What a callback tells of a message. */
export function callbackExample(
  network: string,
  definition: NetworkDefinition,
  type: CallbackType,
  { includeRequestBody = false } = {},
): unknown {
  const what = type === 'message.parked' ? 'parking' : 'end'
  const event = toCallbackEvent(historyOf(network, definition, type), what, { includeRequestBody })
  return event === undefined ? undefined : JSON.parse(event.body)
}

function historyOf(network: string, definition: NetworkDefinition, type: CallbackType): History {
  const { event, attempt } = outcomeOf(type, definition.title)
  const delivery: Delivery = {
    id: ottRequestId,
    account: '',
    network,
    sender: senderId,
    recipient: { id: personOf(network) },
    contents: [{ type: 'text', text: 'HELLO' }],
    key: 'order-4711-text',
    validity: 'PT30M',
    ...(definition.needsPurpose && { purpose: 'response' }),
    createdAt,
    expiresAt,
  }
  const events: DeliveryEvent[] = [{ event: 'created', at: createdAt }, { event: 'queued', at: createdAt + 12 }, event]
  return { delivery, events, attempts: [attempt] }
}
