import { expect, test } from '@jest/globals'
import { accepted, type Delivery, type DeliveryEvent, DeferralReason, RefusalReason } from '@ott/delivery'

import { problemsOf, useIngress } from '../use-ingress.ts'
import { toLine, toMessenger } from './requests.ts'

const ingress = useIngress()

const at = Date.UTC(2026, 10, 23, 9, 30, 15, 250)
const eventDateTime = '2026-11-23T09:30:15.250Z'

/** Sends, and lets the queue have this history of it. */
async function send(body: unknown, events: DeliveryEvent[] = []): Promise<Delivery> {
  await ingress.post('/ott/v1/send', body)
  const delivery = ingress.queued.at(-1)
  if (delivery === undefined) throw new Error('it was not queued')
  for (const id of [delivery.id, delivery.key]) ingress.histories.set(id, { delivery, events, attempts: [] })
  return delivery
}

test('a request is found by its ottRequestId and by its messageKey', async () => {
  const { id } = await send(toLine())
  const byId = await ingress.request('GET', `/ott/v1/send/${id}`)
  const byKey = await ingress.request('GET', '/ott/v1/send/order-4711')
  expect(byId.status).toBe(200)
  expect(byId.json).toMatchObject({ requestBody: { ottRequestId: id, messageKey: 'order-4711' } })
  expect(byKey.json).toEqual(byId.json)
  expect(byKey.headers.get('cache-control')).toBe('no-store')
})

test.each(['注文/№ 7 🍎', 'a b?c#d%25', '../registration', 'x'.repeat(100)])(
  'messageKey %s is found, encoded in the path',
  async (messageKey) => {
    await send(toLine({ messageKey }))
    const answer = await ingress.request('GET', `/ott/v1/send/${encodeURIComponent(messageKey)}`)
    expect(answer.json).toMatchObject({ requestBody: { messageKey } })
  },
)

test('a request that is not known is answered with 404', async () => {
  const answer = await ingress.request('GET', '/ott/v1/send/nothing')
  expect(answer.status).toBe(404)
  expect(problemsOf(answer)).toEqual(['30003 There is no message with this ottRequestId or messageKey'])
})

test('requestBody is what was sent, in the case of the document', async () => {
  const { id } = await send({
    MESSAGEKEY: 'k',
    messagegroupkey: 'g',
    from: { sendertype: 'MESSENGER', senderid: 100200300 },
    to: { ottid: 5, userreference: 'r' },
    message: {
      subject: 's',
      contents: [
        {
          TYPE: 'AUDIO',
          url: 'https://example.com/a',
          alturl: 'https://example.com/b',
          duration: 5,
          isreusable: 0,
          attachmentid: 9,
        },
      ],
      customkeys: [
        { messagingtype: 'Message_Tag', tag: 'HUMAN_AGENT', notificationtype: 'no_push', CrmId: { a: [1] } },
      ],
    },
    validityperiod: 30,
  })
  const { json } = await ingress.request('GET', '/ott/v1/send/k')
  expect(json).toEqual({
    requestBody: {
      ottRequestId: id,
      messageKey: 'k',
      messageGroupKey: 'g',
      from: { senderType: 'messenger', senderId: '100200300' },
      to: { ottId: '5', userReference: 'r' },
      message: {
        subject: 's',
        contents: [
          {
            type: 'audio',
            url: 'https://example.com/a',
            altUrl: 'https://example.com/b',
            duration: '5',
            isReusable: false,
            attachmentId: '9',
          },
        ],
        customKeys: [
          { messagingType: 'MESSAGE_TAG' },
          { tag: 'HUMAN_AGENT' },
          { notificationType: 'NO_PUSH' },
          { CrmId: { a: [1] } },
        ],
      },
      validityPeriod: '30',
    },
    status: [],
  })
})

test('requestBody can be sent again as it is', async () => {
  const payload = { type: 'sticker', packageId: '446', stickerId: '1988' }
  const contents = [
    { type: 'text', text: 'Hello' },
    { type: 'native', payload },
  ]
  await send(toLine({ message: { contents, customKeys: [{ notificationType: 'REGULAR', crmId: 7 }] } }))
  const { json } = await ingress.request('GET', '/ott/v1/send/order-4711')
  const [first] = ingress.queued
  const again = await send(Reflect.get(Object(json), 'requestBody'))
  expect(again).toEqual({ ...first, id: again.id, createdAt: again.createdAt })
})

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

const errorcodes = new Map([
  ...['credentials', 'permission', 'sender'].map((reason) => [reason, 20002] as const),
  ...['content', 'recipient', 'window'].map((reason) => [reason, 10005] as const),
  ...['throttled', 'quota'].map((reason) => [reason, 50100] as const),
  ...['no-answer', 'unavailable', 'paused'].map((reason) => [reason, 50300] as const),
])

test.each([...DeferralReason.options, ...RefusalReason.options])(
  'a failure for %s is told with its reason and code',
  async (reason) => {
    const failed = { event: 'failed', at, reason, message: 'why', attempts: 3 } as const
    await send(toMessenger(), [failed])
    const { json } = await ingress.request('GET', '/ott/v1/send/order-4712')
    const errorcode = errorcodes.get(reason) ?? 10000
    expect(json).toMatchObject({
      status: [{ event: 'Error', eventDateTime, message: 'why', errorcode, reason, attempts: 3 }],
    })
  },
)
