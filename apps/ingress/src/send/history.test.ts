import { expect, test } from '@jest/globals'
import { accepted, DeferralReason, RefusalReason } from '@ott/delivery'

import { toLine, toMessenger } from './requests.ts'
import { at, eventDateTime, useHistories } from './use-histories.ts'

const { ingress, send } = useHistories()

test('what has become of it is told in the order it happened, in UTC', async () => {
  const receipt = accepted('push', ['461230966842064897'], { requestId: 'req-1' })
  await send(toLine(), [
    { event: 'created', at },
    { event: 'queued', at: at + 3 },
    { event: 'sent', at: at + 1000, receipt },
  ])
  const { json } = await ingress.request('GET', '/ott/v1/send/order-4711')
  expect(json).toMatchObject({
    status: [
      { event: 'Created', eventDateTime },
      { event: 'Queued', eventDateTime: '2026-11-23T09:30:15.253Z' },
      {
        event: 'Sent',
        eventDateTime: '2026-11-23T09:30:16.250Z',
        via: 'push',
        messageIds: ['461230966842064897'],
        requestId: 'req-1',
      },
    ],
  })
})

test('what nobody confirmed is told as such', async () => {
  await send(toLine(), [{ event: 'sent', at, receipt: accepted('reply', [], { confirmed: false }) }])
  const { json } = await ingress.request('GET', '/ott/v1/send/order-4711')
  expect(json).toMatchObject({
    status: [{ event: 'Sent', eventDateTime, via: 'reply', messageIds: [], confirmed: false }],
  })
})

test('that it waits for its sender, and that it was tried anew, is told', async () => {
  await send(toLine(), [
    { event: 'parked', at, reason: 'credentials', message: 'the channel secret is wrong' },
    { event: 'redriven', at: at + 750 },
  ])
  const { json } = await ingress.request('GET', '/ott/v1/send/order-4711')
  expect(json).toMatchObject({
    status: [
      { event: 'Parked', eventDateTime, reason: 'credentials', message: 'the channel secret is wrong' },
      { event: 'Redriven', eventDateTime: '2026-11-23T09:30:16.000Z' },
    ],
  })
})

test('while it waits for its next attempt, it is told when that comes', async () => {
  await send(toLine())
  for (const [id, history] of ingress.histories) ingress.histories.set(id, { ...history, nextAttemptAt: at })
  const { json } = await ingress.request('GET', '/ott/v1/send/order-4711')
  expect(json).toMatchObject({ nextAttemptDateTime: eventDateTime })
})

test('each attempt is told with its time and what came of it', async () => {
  await send(
    toLine(),
    [],
    [
      { at, outcome: 'interrupted' },
      { at: at + 750, outcome: 'deferred', reason: 'throttled', message: 'slow down', requestId: 'req-1' },
      { at: at + 1750, outcome: 'accepted', requestId: 'req-2' },
    ],
  )
  const { json } = await ingress.request('GET', '/ott/v1/send/order-4711')
  expect(json).toMatchObject({
    attempts: [
      { attemptDateTime: eventDateTime, outcome: 'interrupted' },
      {
        attemptDateTime: '2026-11-23T09:30:16.000Z',
        outcome: 'deferred',
        reason: 'throttled',
        message: 'slow down',
        requestId: 'req-1',
      },
      { attemptDateTime: '2026-11-23T09:30:17.000Z', outcome: 'accepted', requestId: 'req-2' },
    ],
  })
})

const errorcodes = new Map([
  ...['credentials', 'permission', 'sender'].map((reason) => [reason, 20002] as const),
  ...['content', 'recipient', 'window'].map((reason) => [reason, 10005] as const),
  ...['throttled', 'quota'].map((reason) => [reason, 50100] as const),
  ...['no-answer', 'unavailable', 'paused', 'conversation'].map((reason) => [reason, 50300] as const),
])

test.each([...DeferralReason.options, ...RefusalReason.options])(
  'a failure for %s is told with its reason and code',
  async (reason) => {
    const failed = { event: 'failed', at, reason, message: 'why', attempts: 3, inDoubt: false } as const
    await send(toMessenger(), [failed])
    const { json } = await ingress.request('GET', '/ott/v1/send/order-4712')
    const errorcode = errorcodes.get(reason) ?? 10000
    expect(json).toMatchObject({
      status: [{ event: 'Error', eventDateTime, message: 'why', errorcode, reason, attempts: 3 }],
    })
  },
)
