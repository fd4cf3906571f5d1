import { expect, test } from '@jest/globals'

import { aSender, problemsOf, useIngress } from '../use-ingress.ts'
import { toLine, toMessenger } from './requests.ts'

const ingress = useIngress()

const line = { senderType: 'line', senderId: '1656000000' }
const text = { type: 'text', text: 'Hello' }
const image = { type: 'image', url: 'https://example.com/a.jpg', altUrl: 'https://example.com/b.jpg' }
const toLineWith = (...contents: unknown[]) => toLine({ message: { contents } })
const toMessengerWith = (...customKeys: unknown[]) => toMessenger({ message: { contents: [text], customKeys } })

const contentTypeMissing = '10002 Content Type for all message contents must be provided'
const textMissing = '10002 Text attribute must be provided for Text type Message Content'
const urlMissing = '10002 Url attribute must be provided for Image, File, Audio and Video type Message Content'
const unusable = '10005 Sender Id provided is either unregistered or inactive'
const tagMissing = '10002 Tag must be provided as a Custom Key when MessagingType is provided as MESSAGE_TAG'
const messagingTypeMissing = '10002 MessagingType must be provided as a Custom Key'

/** The document's table, in its order: what is wrong with the body, the body, and all that is told. */
const documented: [string, unknown, ...string[]][] = [
  ['no from', toLine({ from: undefined }), '10002 From object must be provided'],
  ['from is null', toLine({ from: null }), '10002 From object must be provided'],
  ['from is a text', toLine({ from: 'x' }), '10001 From object must be provided'],
  ['from is a list', toLine({ from: [line] }), '10001 From object must be provided'],
  ['no senderId', toLine({ from: { senderType: 'line' } }), '10002 Sender Id must be provided'],
  ['empty senderId', toLine({ from: { ...line, senderId: '' } }), '10002 Sender Id must be provided'],
  ['blank senderId', toLine({ from: { ...line, senderId: ' \t' } }), '10002 Sender Id must be provided'],
  ['no senderType', toLine({ from: { senderId: '1656000000' } }), '10002 Sender Type must be provided'],
  ['empty senderType', toLine({ from: { ...line, senderType: '' } }), '10002 Sender Type must be provided'],
  ['unknown senderId', toLine({ from: { ...line, senderId: '1' } }), unusable],
  ['a sender of the other network', toLine({ from: { ...line, senderId: '100200300' } }), unusable],
  ['no to', toLine({ to: undefined }), '10002 To object must be provided'],
  ['to is a number', toLine({ to: 5 }), '10001 To object must be provided'],
  ['no message', toLine({ message: undefined }), '10002 Message object must be provided'],
  ['message is a list', toLine({ message: [] }), '10001 Message object must be provided'],
  ['no contents', toLine({ message: {} }), '10002 Message contents must be provided'],
  ['contents are empty', toLineWith(), '10002 Message contents must be provided'],
  ['contents are an object', toLine({ message: { contents: text } }), '10001 Message contents must be provided'],
  ['a content without type', toLineWith({ text: 'Hello' }), contentTypeMissing],
  ['two contents without type', toLineWith({}, text, { type: ' ' }), contentTypeMissing],
  ['text without text', toLineWith({ type: 'text' }), textMissing],
  ['two texts without text', toLineWith({ type: 'text', text: '' }, { type: 'text', text: null }), textMissing],
  ['image without url', toLineWith({ ...image, url: '' }), urlMissing],
  ['audio without url', toLineWith({ type: 'audio', duration: 1000 }), urlMissing],
  [
    'two media without url',
    toLineWith({ ...image, type: 'video', url: null }, { ...image, url: undefined }),
    urlMissing,
  ],
  ['LINE takes no attachmentId for a url', toLineWith({ ...image, url: undefined, attachmentId: '1' }), urlMissing],
  [
    'file without url',
    toMessenger({ message: { contents: [{ type: 'file' }], customKeys: { messagingType: 'UPDATE' } } }),
    urlMissing,
  ],
  ['no validityPeriod', toLine({ validityPeriod: undefined }), '10002 Validity Period must be provided'],
  ['empty validityPeriod', toLine({ validityPeriod: '' }), '10002 Validity Period must be provided'],
  [
    'six contents for LINE',
    toLineWith(text, text, text, text, text, text),
    '10005 Message object cannot contain more than 5 message objects',
  ],
  [
    'two contents for Messenger',
    toMessenger({ message: { contents: [text, text], customKeys: [{ messagingType: 'UPDATE' }] } }),
    '10005 Message object cannot contain more than 1 message objects',
  ],
  ['no customKeys for Messenger', toMessenger({ message: { contents: [text] } }), messagingTypeMissing],
  ['empty customKeys for Messenger', toMessengerWith(), messagingTypeMissing],
  ['empty messagingType', toMessengerWith({ messagingType: '' }, { tag: 'HUMAN_AGENT' }), messagingTypeMissing],
  ['MESSAGE_TAG without tag', toMessengerWith({ messagingType: 'MESSAGE_TAG' }), tagMissing],
  ['Message_TAG with a blank tag', toMessengerWith({ messagingType: 'Message_TAG', tag: ' ' }), tagMissing],
  [
    'nobody to send to on Messenger',
    toMessenger({ to: { ottId: '', userReference: ' ' } }),
    '10002 Either OttId or UserReference must be provided in the To object',
  ],
  [
    'only a userReference on LINE',
    toLine({ to: { userReference: 'r' } }),
    '10002 OttId must be provided in the To object',
  ],
]

test.each(documented)("the document's problem is told: %s", async (_what, body, ...problems) => {
  const answer = await ingress.post('/ott/v1/send', body)
  expect(answer.status).toBe(400)
  expect(problemsOf(answer)).toEqual(problems)
  expect(ingress.queued).toEqual([])
})

test('an inactive sender is told as an unregistered one is', async () => {
  ingress.senders.set('line:1656000000', aSender({ active: false }))
  expect(problemsOf(await ingress.post('/ott/v1/send', toLine()))).toEqual([unusable])
})

test('everything that is wrong is told in one answer, in the order of the document', async () => {
  const body = {
    from: { senderType: 'messenger', senderId: 'nobody' },
    to: {},
    message: { contents: [{}, { type: 'text' }, { type: 'image' }], customKeys: [{ messagingType: 'MESSAGE_TAG' }] },
  }
  const answer = await ingress.post('/ott/v1/send', body)
  expect(problemsOf(answer)).toEqual([
    unusable,
    contentTypeMissing,
    textMissing,
    urlMissing,
    '10002 Validity Period must be provided',
    '10005 Message object cannot contain more than 1 message objects',
    tagMissing,
    '10002 Either OttId or UserReference must be provided in the To object',
    '10002 Message Key must be provided',
  ])
})

test('an empty object lacks what every network asks for', async () => {
  expect(problemsOf(await ingress.post('/ott/v1/send', {}))).toEqual([
    '10002 From object must be provided',
    '10002 To object must be provided',
    '10002 Message object must be provided',
    '10002 Validity Period must be provided',
    '10002 Message Key must be provided',
  ])
})

test('without a network that is known, the rules of all networks hold', async () => {
  const body = toLine({
    from: { senderType: 'telegram' },
    to: {},
    message: { contents: [{ type: 'text' }, { type: 'image' }, {}] },
  })
  expect(problemsOf(await ingress.post('/ott/v1/send', body))).toEqual([
    '10002 Sender Id must be provided',
    contentTypeMissing,
    textMissing,
    urlMissing,
    '10005 Sender Type is invalid',
  ])
})

test('the answer is the envelope of the document, with the documentation in each problem', async () => {
  const documentation = 'https://example.com/errors'
  const { json } = await ingress.post('/ott/v1/send', toLine({ validityPeriod: '' }))
  expect(json).toEqual({
    message: 'Please fix the following errors',
    errorcode: 10006,
    documentation,
    validationErrors: [{ message: 'Validity Period must be provided', errorcode: 10002, documentation }],
  })
})
