import { expect, test } from '@jest/globals'
import { accepted, type DeliveryEvent, type History } from '@ott/delivery'

import { toCallbackEvent, toTestEvent } from './callback-event.ts'

const id = '019aa5a1-3f4b-7c11-8a53-2f0d4d6f4a10'
const without = { includeRequestBody: false }
const sent: DeliveryEvent = { event: 'sent', at: 1_763_956_000_000, receipt: accepted('push', ['461230966842064897']) }

function aHistory(...events: DeliveryEvent[]): History {
  const delivery = {
    id,
    account: 'shop',
    network: 'line',
    sender: '1656000000',
    recipient: { id: 'U0123456789abcdef0123456789abcdef' },
    contents: [{ type: 'text' as const, text: 'Your table is ready' }],
    key: 'order-1',
    validity: '30',
    createdAt: 1_763_955_000_000,
  }
  return { delivery, events: [{ event: 'created', at: delivery.createdAt }, ...events], attempts: [] }
}

function aFailure(reason: 'expired' | 'window', at = 2): DeliveryEvent {
  return { event: 'failed', at, reason, message: 'no', attempts: 1, inDoubt: false }
}

const idOf = (...events: DeliveryEvent[]) => toCallbackEvent(aHistory(...events), 'end', without)?.id

const parked: DeliveryEvent = { event: 'parked', at: 1, reason: 'credentials', message: 'no' }

test('a callback tells what the status tells, and neither contents nor recipient', () => {
  const event = toCallbackEvent(aHistory(sent), 'end', without)
  expect(event).toMatchObject({ id: `${id}-sent-1763956000000`, at: sent.at, type: 'message.sent' })
  expect(JSON.parse(event?.body ?? '')).toEqual({
    type: 'message.sent',
    timestamp: '2025-11-24T03:46:40.000Z',
    data: {
      ottRequestId: id,
      messageKey: 'order-1',
      from: { senderType: 'line', senderId: '1656000000' },
      status: [
        { event: 'Created', eventDateTime: '2025-11-24T03:30:00.000Z' },
        { event: 'Sent', eventDateTime: '2025-11-24T03:46:40.000Z', via: 'push', messageIds: ['461230966842064897'] },
      ],
      attempts: [],
    },
  })
})

test('what was sent, and to whom, is told where it was asked for', () => {
  const event = toCallbackEvent(aHistory(sent), 'end', { includeRequestBody: true })
  expect(JSON.parse(event?.body ?? '')).toMatchObject({
    data: { requestBody: { to: { ottId: 'U0123456789abcdef0123456789abcdef' }, message: { contents: [{}] } } },
  })
})

test.each([
  ['message.sent', 'end', [sent]],
  ['message.failed', 'end', [aFailure('window')]],
  ['message.expired', 'end', [parked, aFailure('expired')]],
  ['message.parked', 'parking', [parked]],
  ['message.parked', 'parking', [parked, sent]],
  [undefined, 'end', [parked]],
  [undefined, 'end', [{ event: 'redriven', at: 3 }]],
  [undefined, 'parking', [sent]],
] as const)('%s: of the %s', (type, what, events) => {
  expect(toCallbackEvent(aHistory(...events), what, without)?.type).toBe(type)
})

test('an event has one id for ever, and another end has another', () => {
  expect(idOf(aFailure('window', 5))).toBe(idOf(aFailure('window', 5)))
  expect(idOf(aFailure('window', 6))).not.toBe(idOf(aFailure('window', 5)))
  // What Standard Webhooks signs is delimited by full stops; BullMQ's ids have no colon.
  expect([idOf(sent), toTestEvent('1', 1).id].join('')).not.toMatch(/[.:]/)
})
