import { expect, test } from '@jest/globals'

import { aLineUser } from './people.ts'
import { useFleet } from './use-fleet.ts'

const fleet = useFleet()

/** A sender and a person of the test's own, and a delivery between them. */
async function aConversation() {
  const [senderId, ottId] = [await fleet().registerSender('line'), aLineUser()]
  const request = (to: object = {}) => ({
    from: { senderType: 'line', senderId },
    to: { ottId, ...to },
    message: { contents: [{ type: 'text', text: 'Your table is ready' }] },
  })
  return { senderId, ottId, request }
}

test('a message without a reply token is pushed to the person, and its status says so by either id', async () => {
  const { ottId, request } = await aConversation()
  const messageKey = `Tisch/${ottId}`
  const id = await fleet().send({ ...request(), messageKey })
  const sent = await fleet().settled(id)
  const [entry, ...more] = await fleet().sandbox.received(ottId)
  expect(more).toEqual([])
  expect(entry).toMatchObject({ via: 'push', retryKey: id, messages: [{ type: 'text', text: 'Your table is ready' }] })
  expect(sent).toMatchObject({ event: 'Sent', via: 'push', messageIds: entry?.messageIds })

  const byId = await fleet().api('GET', `send/${id}`)
  expect(byId.body).toMatchObject({
    requestBody: { messageKey, ottRequestId: id, from: { senderType: 'line' }, to: { ottId } },
    status: [{ event: 'Created' }, { event: 'Queued' }, { event: 'Sent' }],
  })
  expect((await fleet().api('GET', `send/${encodeURIComponent(messageKey)}`)).body).toEqual(byId.body)
})

test('a valid reply token is used, and nothing is pushed', async () => {
  const { senderId, ottId, request } = await aConversation()
  const id = await fleet().send(request({ userReference: await fleet().sandbox.replyToken(ottId) }))
  expect(await fleet().settled(id)).toMatchObject({ event: 'Sent', via: 'reply' })
  expect((await fleet().sandbox.received(ottId)).map(({ via }) => via)).toEqual(['reply'])
  expect(await fleet().sandbox.calls(senderId)).toEqual(['token 200', 'reply 200'])
})

test('a reply token that is used up falls back to a push', async () => {
  const { senderId, ottId, request } = await aConversation()
  const to = { userReference: await fleet().sandbox.replyToken(ottId) }
  await fleet().settled(await fleet().send(request(to)))
  expect(await fleet().settled(await fleet().send(request(to)))).toMatchObject({ event: 'Sent', via: 'push' })
  expect((await fleet().sandbox.received(ottId)).map(({ via }) => via)).toEqual(['reply', 'push'])
  expect(await fleet().sandbox.calls(senderId)).toEqual(['token 200', 'reply 200', 'reply 400', 'push 200'])
})

test('a reply that LINE fails to take is tried again as a reply, and not pushed', async () => {
  const { senderId, ottId, request } = await aConversation()
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'reply', fault: 'server-error' })
  const id = await fleet().send(request({ userReference: await fleet().sandbox.replyToken(ottId) }))
  expect(await fleet().settled(id)).toMatchObject({ event: 'Sent', via: 'reply' })
  expect(await fleet().sandbox.calls(senderId)).toEqual(['token 200', 'reply 500', 'reply 200'])
})

test('a throttled push is put off and delivered later', async () => {
  const { senderId, ottId, request } = await aConversation()
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'push', fault: 'rate-limit' })
  expect(await fleet().settled(await fleet().send(request()))).toMatchObject({ event: 'Sent' })
  expect(await fleet().sandbox.calls(senderId)).toEqual(['token 200', 'push 429', 'push 200'])
  expect(await fleet().sandbox.received(ottId)).toHaveLength(1)
})

test('a push whose answer is lost after LINE took it reaches the person once, with the original ids', async () => {
  const { senderId, ottId, request } = await aConversation()
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'push', fault: 'drop-after' })
  const sent = await fleet().settled(await fleet().send(request()))
  const [entry, ...more] = await fleet().sandbox.received(ottId)
  expect(more).toEqual([])
  expect(sent).toMatchObject({ event: 'Sent', messageIds: entry?.messageIds, requestId: entry?.['requestId'] })
  expect(await fleet().sandbox.calls(senderId)).toEqual(['token 200', 'push null', 'push 409'])
})

test('an access token that LINE no longer takes is renewed, and the message delivered', async () => {
  const { senderId, request } = await aConversation()
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'push', fault: 'unauthorized' })
  expect(await fleet().settled(await fleet().send(request()))).toMatchObject({ event: 'Sent' })
  expect(await fleet().sandbox.calls(senderId)).toEqual(['token 200', 'push 401', 'token 200', 'push 200'])
})

test('a refused message ends in an Error that says why, after one attempt', async () => {
  const { senderId, request } = await aConversation()
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'push', fault: 'unknown-recipient' })
  expect(await fleet().settled(await fleet().send(request()))).toMatchObject({
    event: 'Error',
    reason: 'recipient',
    errorcode: 10005,
    attempts: 1,
    message: expect.stringContaining('Failed to send messages'),
  })
})

test('however many deliveries wait, a channel asks for one access token', async () => {
  const { senderId, request } = await aConversation()
  const ids = await Promise.all(Array.from({ length: 30 }, () => fleet().send(request())))
  await Promise.all(ids.map((id) => fleet().settled(id)))
  const calls = await fleet().sandbox.calls(senderId)
  expect(calls.filter((made) => made === 'token 200')).toHaveLength(1)
  expect(calls.filter((made) => made === 'push 200')).toHaveLength(30)
})

test('every content type reaches LINE as its own message object, five in one call', async () => {
  const { ottId, request } = await aConversation()
  const url = 'https://example.com/a.jpg'
  const sticker = { type: 'sticker', packageId: '446', stickerId: '1988' }
  const contents = [
    { type: 'text', text: 'one' },
    { type: 'image', url, alturl: url },
    { type: 'audio', url, duration: '13141' },
    { type: 'video', url, altUrl: url },
    { type: 'native', payload: sticker },
  ]
  await fleet().settled(
    await fleet().send({ ...request(), message: { contents, customKeys: [{ notificationType: 'NO_PUSH' }] } }),
  )
  expect(await fleet().sandbox.received(ottId)).toMatchObject([
    {
      notificationDisabled: true,
      messages: [
        { type: 'text', text: 'one' },
        { type: 'image', originalContentUrl: url, previewImageUrl: url },
        { type: 'audio', originalContentUrl: url, duration: 13141 },
        { type: 'video', originalContentUrl: url, previewImageUrl: url },
        sticker,
      ],
    },
  ])
})
