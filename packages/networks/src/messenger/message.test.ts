import { expect, test } from '@jest/globals'
import type { Content, Delivery } from '@ott/delivery'

import { aDelivery } from '../a-delivery.ts'
import { send, useScriptedMessenger } from './scripted-messenger.ts'

const messenger = useScriptedMessenger()
const { id } = aDelivery()

const bodyOf = async (changes: Partial<Delivery>) => {
  await messenger.deliver(aDelivery({ recipient: { id: '1254' }, ...changes }))
  return messenger.calls(send)[0]?.body
}

test('a call proves that it holds the application’s secret, and carries the token in a header', async () => {
  await messenger.deliver(aDelivery())
  expect(messenger.calls(send)[0]?.query.get('appsecret_proof')).toBe(
    '14c713ac2d4d09fc424505cda5432d03590c4e4a427fddb840c9a48bceb05c43',
  )
  expect(messenger.calls(send)[0]?.headers.authorization).toBe('Bearer PAGE_TOKEN_EXAMPLE')
})

test('a user_ref goes before the person’s id', async () => {
  expect(await bodyOf({ recipient: { id: '1254', reference: 'checkbox-1' } })).toMatchObject({
    recipient: { user_ref: 'checkbox-1' },
  })
})

test.each([
  [{ purpose: 'response' }, { messaging_type: 'RESPONSE' }],
  [{ purpose: 'update', tag: 'HUMAN_AGENT' }, { messaging_type: 'UPDATE' }],
  [
    { purpose: 'tagged', tag: 'HUMAN_AGENT' },
    { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' },
  ],
  [
    { purpose: 'update', alert: 'regular' },
    { messaging_type: 'UPDATE', notification_type: 'REGULAR' },
  ],
  [
    { purpose: 'update', alert: 'silent' },
    { messaging_type: 'UPDATE', notification_type: 'SILENT_PUSH' },
  ],
  [
    { purpose: 'update', alert: 'none' },
    { messaging_type: 'UPDATE', notification_type: 'NO_PUSH' },
  ],
] as const)('%j is sent as %j', async (options, expected) => {
  expect(await bodyOf({ ...options })).toEqual({
    recipient: { id: '1254' },
    message: { text: 'Your table is ready', metadata: id },
    ...expected,
  })
})

test.each<[Content, object]>([
  [{ type: 'text', text: 'hi' }, { text: 'hi' }],
  ...(['image', 'audio', 'video', 'file'] as const).flatMap((type): [Content, object][] => [
    [{ type, url: 'https://example.com/a' }, { attachment: { type, payload: { url: 'https://example.com/a' } } }],
    [
      { type, url: 'https://example.com/a', reusable: true },
      { attachment: { type, payload: { url: 'https://example.com/a', is_reusable: true } } },
    ],
    [
      { type, attachmentId: '9007199254740993' },
      { attachment: { type, payload: { attachment_id: '9007199254740993' } } },
    ],
  ]),
  [
    { type: 'native', payload: { attachment: { type: 'template', payload: { template_type: 'button' } } } },
    { attachment: { type: 'template', payload: { template_type: 'button' } } },
  ],
])('%j becomes the message %j', async (content, message) => {
  expect(await bodyOf({ contents: [content] })).toMatchObject({ message })
})

test('a message names its delivery, by which it is found among Meta’s echoes; one the client wrote itself stays as it is', async () => {
  const image: Content = { type: 'image', url: 'https://example.com/a' }
  expect(await bodyOf({ contents: [image] })).toMatchObject({ message: { metadata: id } })
  const payload = { text: 'hi' }
  await messenger.deliver(aDelivery({ contents: [{ type: 'native', payload }] }))
  expect(messenger.calls(send)[1]?.body).toHaveProperty('message', payload)
})
