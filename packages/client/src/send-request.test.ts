import { expect, test } from '@jest/globals'

import type { Client } from './client.ts'
import type { LineContent, MessengerContent } from './contents.ts'
import { accepted, useScriptedApi } from './use-scripted-api.ts'

// The build is the test: where a line marked so compiles after all, it fails.

const api = useScriptedApi()
const common = { messageKey: 'order-17', validityPeriod: 'PT30M' }
const line = { from: { senderType: 'line', senderId: '1' }, to: { ottId: 'U1' } } as const
const messenger = { from: { senderType: 'messenger', senderId: '1' }, to: { ottId: '1' } } as const
const hello = { type: 'text', text: 'Hello' } as const
const response = [{ messagingType: 'RESPONSE' }] as const

function sendRight(send: Client['send']) {
  return Promise.all([
    send({ ...common, ...line, message: { contents: [hello] } }),
    send({ ...common, ...line, message: { contents: [hello, hello, hello, hello, hello] } }),
    send({ ...common, ...line, to: { ottId: 'U1', userReference: 'a-reply-token' }, message: { contents: [hello] } }),
    send({
      ...common,
      ...line,
      message: { contents: [hello], customKeys: [{ notificationType: 'NO_PUSH' }, { a: 1 }] },
    }),
    send({ ...common, ...messenger, message: { contents: [hello], customKeys: response } }),
    send({ ...common, ...messenger, to: { userReference: 'u' }, message: { contents: [hello], customKeys: response } }),
    send({
      ...common,
      ...messenger,
      message: { contents: [hello], customKeys: [{ messagingType: 'MESSAGE_TAG', tag: 'ACCOUNT_UPDATE' }] },
    }),
  ])
}

function sendWrong(send: Client['send']) {
  return Promise.all([
    // @ts-expect-error A message needs a key.
    send({ ...line, validityPeriod: 'PT30M', message: { contents: [hello] } }),
    // @ts-expect-error There is no such network.
    send({ ...common, ...line, from: { senderType: 'pigeon', senderId: '1' }, message: { contents: [hello] } }),
    // @ts-expect-error A message says something.
    send({ ...common, ...line, message: { contents: [] } }),
    // @ts-expect-error LINE takes five contents at most.
    send({ ...common, ...line, message: { contents: [hello, hello, hello, hello, hello, hello] } }),
    // @ts-expect-error LINE has no user_ref: a reply token alone could not be pushed to when it is invalid.
    send({ ...common, ...line, to: { userReference: 'a-reply-token' }, message: { contents: [hello] } }),
    // @ts-expect-error Messenger must be told why a person is written to.
    send({ ...common, ...messenger, message: { contents: [hello] } }),
    // @ts-expect-error A tagged message has a tag.
    send({ ...common, ...messenger, message: { contents: [hello], customKeys: [{ messagingType: 'MESSAGE_TAG' }] } }),
    // @ts-expect-error Messenger takes one content.
    send({ ...common, ...messenger, message: { contents: [hello, hello], customKeys: response } }),
    // @ts-expect-error Somebody must be written to.
    send({ ...common, ...messenger, to: {}, message: { contents: [hello], customKeys: response } }),
  ])
}

const rightContents: (LineContent | MessengerContent)[] = [
  { type: 'image', url: 'https://a/b.jpg', altUrl: 'https://a/b.jpg' } satisfies LineContent,
  { type: 'audio', url: 'https://a/b.m4a', duration: 13_141 } satisfies LineContent,
  { type: 'native', nativePayload: { type: 'sticker', packageId: '1', stickerId: '1' } } satisfies LineContent,
  { type: 'file', url: 'https://a/b.pdf', isReusable: true } satisfies MessengerContent,
  { type: 'image', attachmentId: '1' } satisfies MessengerContent,
]

const wrongContents: (LineContent | MessengerContent)[] = [
  // @ts-expect-error LINE shows a still before.
  { type: 'image', url: 'https://a/b.jpg' } satisfies LineContent,
  // @ts-expect-error LINE must be told how long it sounds.
  { type: 'audio', url: 'https://a/b.m4a' } satisfies LineContent,
  // @ts-expect-error LINE has no files.
  { type: 'file', url: 'https://a/b.pdf', altUrl: 'https://a/b.jpg' } satisfies LineContent,
  // @ts-expect-error Messenger fetches it from somewhere.
  { type: 'image' } satisfies MessengerContent,
]

test('requests that a network would refuse do not compile, and right ones do', async () => {
  api.answer(() => accepted())
  const { send } = api.client()
  await sendRight(send)
  await sendWrong(send)
  expect(api.received).toHaveLength(7 + 9)
  expect([...rightContents, ...wrongContents]).toHaveLength(5 + 4)
})
