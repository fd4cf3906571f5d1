import { expect, test } from '@jest/globals'

import { problemsOf } from '../use-ingress.ts'
import { toLine } from './requests.ts'
import { useHistories } from './use-histories.ts'

const { ingress, send } = useHistories()

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
    attempts: [],
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

test('until when it may be delivered is told where that is enforced, in the form it was sent in too', async () => {
  const { createdAt } = await send(toLine({ validityPeriod: 'pt30m' }))
  const { json } = await ingress.request('GET', '/ott/v1/send/order-4711')
  const validUntil = new Date(createdAt + 30 * 60 * 1000).toISOString()
  expect(json).toMatchObject({ requestBody: { validityPeriod: 'pt30m', validUntil } })
})
