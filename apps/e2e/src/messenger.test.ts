import { randomUUID } from 'node:crypto'

import { expect, test } from '@jest/globals'

import { aMessengerUser } from './people.ts'
import { useFleet } from './use-fleet.ts'

const fleet = useFleet()

/** A Page and a person of the test's own, and a delivery between them. */
async function aConversation() {
  const [senderId, ottId] = [await fleet().registerSender('messenger'), aMessengerUser()]
  const request = (content: object = { type: 'text', text: 'Your parcel is here' }, to: object = {}) => ({
    from: { senderType: 'messenger', senderId },
    to: { ottId, ...to },
    message: { contents: [content], customKeys: [{ messagingType: 'MESSAGE_TAG' }, { tag: 'HUMAN_AGENT' }] },
  })
  return { senderId, ottId, request }
}

test('a message is sent to the person, and its status has Messenger’s own id', async () => {
  const { ottId, request } = await aConversation()
  const sent = await fleet().settled(await fleet().send(request()))
  const [entry, ...more] = await fleet().sandbox.received(ottId)
  expect(more).toEqual([])
  expect(entry).toMatchObject({
    messagingType: 'MESSAGE_TAG',
    tag: 'HUMAN_AGENT',
    messages: [{ text: 'Your parcel is here' }],
  })
  expect(sent).toMatchObject({ event: 'Sent', via: 'send', messageIds: entry?.messageIds })
})

test('a user_ref goes before the person’s id', async () => {
  const { ottId, request } = await aConversation()
  const userReference = randomUUID()
  await fleet().settled(await fleet().send(request(undefined, { userReference })))
  expect(await fleet().sandbox.received(ottId)).toEqual([])
  expect(await fleet().sandbox.received(userReference)).toHaveLength(1)
})

test.each([
  [
    'image',
    { type: 'image', url: 'https://example.com/a', isreusable: true },
    { url: 'https://example.com/a', is_reusable: true },
  ],
  ['file', { type: 'file', Url: 'https://example.com/a' }, { url: 'https://example.com/a' }],
  ['video', { Type: 'video', attachmentid: 1234567890123 }, { attachment_id: '1234567890123' }],
])('an attachment of type %s reaches Messenger as its own', async (type, content, payload) => {
  const { ottId, request } = await aConversation()
  expect(await fleet().settled(await fleet().send(request(content)))).toMatchObject({ event: 'Sent' })
  expect(await fleet().sandbox.received(ottId)).toMatchObject([{ messages: [{ attachment: { type, payload } }] }])
})

test('a template is handed over untouched', async () => {
  const { ottId, request } = await aConversation()
  const buttons = [{ type: 'web_url', url: 'https://example.com', title: 'Open' }]
  const payload = { attachment: { type: 'template', payload: { template_type: 'button', text: 'Choose', buttons } } }
  expect(await fleet().settled(await fleet().send(request({ type: 'native', nativePayload: payload })))).toMatchObject({
    event: 'Sent',
  })
  expect(await fleet().sandbox.received(ottId)).toMatchObject([{ messages: [payload] }])
})

test('trouble that passes within seconds is not seen from outside', async () => {
  const { senderId, request } = await aConversation()
  await fleet().sandbox.fault({ network: 'messenger', sender: senderId, fault: 'temporary', times: 2 })
  expect(await fleet().settled(await fleet().send(request()))).toMatchObject({ event: 'Sent' })
  expect(await fleet().sandbox.calls(senderId)).toEqual(['send 400', 'send 400', 'send 200'])
})

test('an error that Meta documents as sent after all is a success, and is not repeated', async () => {
  const { senderId, ottId, request } = await aConversation()
  await fleet().sandbox.fault({ network: 'messenger', sender: senderId, fault: 'sent-but-error' })
  expect(await fleet().settled(await fleet().send(request()))).toMatchObject({ event: 'Sent' })
  expect(await fleet().sandbox.received(ottId)).toHaveLength(1)
})

test('a throttled Page comes back only when Meta says so', async () => {
  const { senderId, request } = await aConversation()
  await fleet().sandbox.fault({
    network: 'messenger',
    sender: senderId,
    fault: 'rate-limit',
    regainAccessMinutes: 0.02,
  })
  const startedAt = performance.now()
  expect(await fleet().settled(await fleet().send(request()))).toMatchObject({ event: 'Sent' })
  expect(performance.now() - startedAt).toBeGreaterThan(0.02 * 60_000)
  expect(await fleet().sandbox.calls(senderId)).toEqual(['send 400', 'send 200'])
})
