import { expect, test } from '@jest/globals'

import { problemsOf, useIngress } from '../use-ingress.ts'
import { image, text, toLine, toLineWith, toMessenger, toMessengerWith } from './requests.ts'

const ingress = useIngress()

const fromLine = (senderId: unknown) => toLine({ from: { senderType: 'line', senderId } })

const urlMissing = '10002 Url attribute must be provided for Image, File, Audio and Video type Message Content'
const tagMissing = '10002 Tag must be provided as a Custom Key when MessagingType is provided as MESSAGE_TAG'

/** Which value is of the wrong JSON type, the body, and all that is told. */
const wrongTypes: [string, unknown, ...string[]][] = [
  ['a content that is a text', toLineWith('Hello'), '10001 Message contents must be objects'],
  ['a content that is null', toLineWith(null), '10001 Message contents must be objects'],
  ['senderId is true', fromLine(true), '10001 Sender Id must be a string'],
  ['senderId is an object', fromLine({}), '10001 Sender Id must be a string'],
  [
    'senderId is a number that JSON rounds',
    fromLine(2 ** 53),
    '10001 Sender Id is a number too large to be exact: send it as a string',
  ],
  ['senderType is a list', toLine({ from: { senderType: [], senderId: '1' } }), '10001 Sender Type must be a string'],
  [
    'senderType is an object that cannot be turned into a text',
    toLine({ from: { senderType: { toString: 1 }, senderId: '1' } }),
    '10001 Sender Type must be a string',
  ],
  ['ottId is an object', toLine({ to: { ottId: {} } }), '10001 OttId must be a string'],
  [
    'userReference is false',
    toMessenger({ to: { ottId: '1', userReference: false } }),
    '10001 UserReference must be a string',
  ],
  ['messageKey is an object', toLine({ messageKey: {} }), '10001 Message Key must be a string'],
  ['messageGroupKey is a list', toLine({ messageGroupKey: [] }), '10001 Message Group Key must be a string'],
  ['subject is a list', toLine({ message: { subject: [], contents: [text] } }), '10001 Subject must be a string'],
  ['validityPeriod is an object', toLine({ validityPeriod: {} }), '10001 Validity Period must be a string'],
  ['content type is true', toLineWith({ type: true }), '10001 Content Type must be a string'],
  ['text is an object', toLineWith({ type: 'text', text: {} }), '10001 Text must be a string'],
  ['url is a list', toLineWith({ ...image, url: [] }), '10001 Url must be a string'],
  [
    'attachmentId is true',
    toMessengerWith({ type: 'image', attachmentId: true }),
    '10001 AttachmentId must be a string',
  ],
  [
    'isReusable is a word',
    toMessengerWith({ ...image, isReusable: 'perhaps' }),
    '10001 IsReusable must be true or false',
  ],
  [
    'customKeys is a text',
    toMessenger({ message: { contents: [text], customKeys: 'x' } }),
    '10001 CustomKeys must be an array of objects',
  ],
  ['customKeys holds a text', toMessengerWith(text, 'x'), '10001 CustomKeys must be an array of objects'],
  [
    'tag is a number that JSON rounds',
    toMessengerWith(text, { tag: 1e300 }),
    '10001 Tag is a number too large to be exact: send it as a string',
  ],
  ['the body is a list', [toLine()], '10001 The request body must be an object'],
  ['the body is a number', '5', '10001 The request body must be an object'],
]

test.each(wrongTypes)('a value of the wrong type is told: %s', async (_what, body, ...problems) => {
  const answer = await ingress.post('/ott/v1/send', body)
  expect(answer.status).toBe(400)
  expect(problemsOf(answer)).toEqual(problems)
  expect(ingress.queued).toEqual([])
})

/** A value that is wrong beside one that is missing, the body, and all that is told. */
const together: [string, unknown, ...string[]][] = [
  [
    'no url, and another property at fault',
    toLineWith({ ...image, url: '', isReusable: 'x' }),
    urlMissing,
    '10001 IsReusable must be true or false',
  ],
  [
    'no tag, and another key at fault',
    toMessengerWith(text, { messagingType: 'MESSAGE_TAG', notificationType: [] }),
    tagMissing,
    '10001 NotificationType must be a string',
  ],
  [
    'no ottId, and the userReference at fault',
    toLine({ to: { userReference: [] } }),
    '10002 OttId must be provided in the To object',
    '10001 UserReference must be a string',
  ],
]

test.each(together)('one problem does not hide another of the same object: %s', async (_what, body, ...problems) => {
  expect(problemsOf(await ingress.post('/ott/v1/send', body))).toEqual(problems)
})
