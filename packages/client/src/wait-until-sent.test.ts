import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import { refused, type Reply, useScriptedApi } from './use-scripted-api.ts'

const api = useScriptedApi()

const status = (...events: object[]): Reply => ({
  status: 200,
  body: { requestBody: {}, status: events, attempts: [] },
})
const created = { event: 'Created', eventDateTime: '2026-11-24T04:00:00.000Z' }
const sent = { event: 'Sent', eventDateTime: '2026-11-24T04:00:01.000Z', via: 'push', messageIds: ['1'] }
const failed = { event: 'Error', message: 'LINE said no', errorcode: 10005, reason: 'recipient', attempts: 1 }

test('a delivery is asked for until the network has taken it', async () => {
  api.answer((_call, number) => (number < 3 ? status(created) : status(created, sent)))
  expect(await api.client().waitUntilSent('order/17')).toMatchObject({ sent, status: [created, sent] })
  expect(api.received.map(({ url }) => url)).toEqual(Array.from({ length: 3 }, () => '/ott/v1/send/order%2F17'))
})

test('one that failed rejects with the reason, and all that is known of it', async () => {
  api.answer(() => status(created, { ...failed, inDoubt: true }))
  await expect(api.client().waitUntilSent('an-id')).rejects.toMatchObject({
    name: 'DeliveryFailed',
    message: 'The delivery failed (recipient): LINE said no',
    reason: 'recipient',
    errorcode: 10005,
    inDoubt: true,
    delivery: { status: [created, { event: 'Error' }] },
  })
})

test('one that failed and was redriven is waited for', async () => {
  const redriven = { event: 'Redriven', eventDateTime: '2026-11-24T05:00:00.000Z' }
  api.answer((_call, number) => (number === 1 ? status(created, failed, redriven) : status(created, redriven, sent)))
  expect(await api.client().waitUntilSent('an-id')).toMatchObject({ sent })
})

test('when the time is over it rejects with what was seen last', async () => {
  api.answer(() => status(created))
  await expect(api.client().waitUntilSent('an-id', { timeoutMs: 300 })).rejects.toMatchObject({
    name: 'DeliveryUnderWay',
    message: 'The delivery is still under way after 0.3 s (Created). Ask for its status later.',
    delivery: { status: [created] },
  })
})

test('the time that is waited includes repeats of calls that fail', async () => {
  api.answer(() => refused(503, 50300, { 'retry-after': '20' }))
  await expect(api.client().waitUntilSent('an-id', { timeoutMs: 100 })).rejects.toMatchObject({
    name: 'DeliveryUnderWay',
    delivery: undefined,
  })
})

test('it ends as soon as its signal does, and with what reading the status ends in', async () => {
  api.answer(() => status(created))
  const leave = new AbortController()
  const waiting = api.client().waitUntilSent('an-id', { signal: leave.signal })
  await untilTrue(() => api.received.length > 0)
  leave.abort(new Error('never mind'))
  await expect(waiting).rejects.toThrow('never mind')
  api.answer(() => refused(404, 30003))
  await expect(api.client().waitUntilSent('an-id')).rejects.toMatchObject({ name: 'OttError', status: 404 })
})
