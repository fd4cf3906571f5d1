import { expect, test } from '@jest/globals'

import { problemsOf, useIngress } from '../use-ingress.ts'
import { image, text, toLine, toLineWith, toMessengerWith } from './requests.ts'

const ingress = useIngress()

const urlMissing = '10002 Url attribute must be provided for Image, File, Audio and Video type Message Content'

/** What is wrong with the body, the body, and all that is told: our own messages, in the style of the document. */
const own: [string, unknown, ...string[]][] = [
  ['no messageKey', toLine({ messageKey: undefined }), '10002 Message Key must be provided'],
  ['blank messageKey', toLine({ messageKey: ' ' }), '10002 Message Key must be provided'],
  ['messageKey too long', toLine({ messageKey: 'é'.repeat(101) }), '10005 Message Key is longer than 100 characters'],
  [
    'messageGroupKey too long',
    toLine({ messageGroupKey: 'x'.repeat(101) }),
    '10005 Message Group Key is longer than 100 characters',
  ],
  [
    'a senderId that no sender can have, which is not even looked for',
    toLine({ from: { senderType: 'line', senderId: '1'.repeat(1001) } }),
    '10005 Sender Id is longer than 1000 characters',
  ],
  [
    'an ottId that nobody can have',
    toLine({ to: { ottId: 'U'.repeat(1001) } }),
    '10005 OttId is longer than 1000 characters',
  ],
  ['unknown senderType', toLine({ from: { senderType: 'telegram', senderId: '1' } }), '10005 Sender Type is invalid'],
  [
    'senderType of Object',
    toLine({ from: { senderType: 'constructor', senderId: '1' } }),
    '10005 Sender Type is invalid',
  ],
  ['unknown content type', toLineWith({ type: 'sticker' }), '10005 Content Type is invalid'],
  ['LINE has no file', toLineWith({ ...image, type: 'file' }), '10005 Content Type is invalid'],
  [
    'no altUrl for an image on LINE',
    toLineWith({ ...image, altUrl: '' }),
    '10002 AltUrl must be provided for Image type Message Content',
  ],
  [
    'no altUrl for a video on LINE',
    toLineWith({ ...image, type: 'video', altUrl: null }),
    '10002 AltUrl must be provided for Video type Message Content',
  ],
  [
    'neither url nor altUrl on LINE',
    toLineWith({ type: 'image' }),
    urlMissing,
    '10002 AltUrl must be provided for Image type Message Content',
  ],
  [
    'no duration on LINE',
    toLineWith({ ...image, type: 'audio' }),
    '10002 Duration must be provided for Audio type Message Content',
  ],
  ...['0', '-5', '1.5', 'long', -1, 0.5].map((duration): [string, unknown, string] => [
    `duration ${JSON.stringify(duration)}`,
    toLineWith({ ...image, type: 'audio', duration }),
    '10005 Duration must be a whole number of milliseconds above 0',
  ]),
  [
    'http url on LINE',
    toLineWith({ ...image, url: 'http://example.com' }),
    '10005 Url must be an https URL for Image type Message Content',
  ],
  [
    'text too long for LINE',
    toLineWith({ type: 'text', text: 'x'.repeat(5001) }),
    '10005 Text must not be longer than 5000 characters for Text type Message Content',
  ],
  [
    'text too long for Messenger',
    toMessengerWith({ type: 'text', text: 'x'.repeat(2001) }),
    '10005 Text must not be longer than 2000 characters for Text type Message Content',
  ],
  [
    'no nativePayload',
    toLineWith({ type: 'native' }),
    '10002 NativePayload must be provided for Native type Message Content',
  ],
  [
    'nativePayload is a text',
    toLineWith({ type: 'native', nativePayload: '{}' }),
    '10001 NativePayload must be an object',
  ],
  ['payload is a list', toLineWith({ type: 'native', payload: [] }), '10001 NativePayload must be an object'],
  [
    'a payload LINE cannot take',
    toLineWith({ type: 'native', payload: { a: 1 } }),
    '10005 NativePayload must be a message object with a type for Native type Message Content',
  ],
  [
    'a number in a payload that JSON rounds',
    toLineWith({ type: 'native', payload: { type: 'x', id: [2 ** 53] } }),
    '10005 NativePayload holds a number too large to be exact: send it as a string',
  ],
  ['unknown messagingType', toMessengerWith(text, { messagingType: 'NOW' }), '10005 MessagingType is invalid'],
  [
    'unknown notificationType',
    toMessengerWith(text, { notificationType: 'LOUD' }),
    '10005 NotificationType is invalid',
  ],
  [
    'unknown notificationType on LINE',
    toLine({ message: { contents: [text], customKeys: [{ notificationType: 'LOUD' }] } }),
    '10005 NotificationType is invalid',
  ],
  [
    'a number in customKeys that JSON rounds',
    toMessengerWith(text, { crmId: 2 ** 60 }),
    '10005 CustomKeys holds a number too large to be exact: send it as a string',
  ],
]

test.each(own)('our own problem is told in the same style: %s', async (_what, body, ...problems) => {
  const answer = await ingress.post('/ott/v1/send', body)
  expect(answer.status).toBe(400)
  expect(problemsOf(answer)).toEqual(problems)
  expect(ingress.queued).toEqual([])
})

test('where there are several contents, the one at fault is named', async () => {
  const body = toLineWith(text, { type: 'sticker' }, { ...image, altUrl: '' }, { type: 'native' }, { type: 'text' })
  expect(problemsOf(await ingress.post('/ott/v1/send', body))).toEqual([
    '10002 Text attribute must be provided for Text type Message Content',
    '10005 Content Type is invalid (content 2)',
    '10002 NativePayload must be provided for Native type Message Content (content 4)',
    '10002 AltUrl must be provided for Image type Message Content (content 3)',
  ])
})

test('a list far too long is not looked through to its end', async () => {
  const answer = await ingress.post('/ott/v1/send', toLineWith(...Array.from({ length: 1000 }, () => 1)))
  expect(problemsOf(answer)).toHaveLength(1 + 25)
})

test('a messageKey of exactly 100 characters is taken, however many UTF-16 units they are', async () => {
  expect((await ingress.post('/ott/v1/send', toLine({ messageKey: '🍎'.repeat(100) }))).status).toBe(201)
})
