import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'

import { openTestSandbox, repeat, type TestSandbox } from '../test-sandbox.ts'

const headers = { authorization: 'Bearer a-page-token' }
const recipient = { id: '4321567890123456' }
const base = { recipient, messaging_type: 'RESPONSE' }
const url = 'https://example.com/a.jpg'
const image = (payload: unknown) => ({ ...base, message: { attachment: { type: 'image', payload } } })
const choice = { content_type: 'text', title: 'Yes', payload: 'YES' }

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openTestSandbox()
})
afterAll(() => sandbox.close())

const send = (body: unknown, page = 'me') => sandbox.call(`/messenger/v26.0/${page}/messages`, body, { headers })

test.each<[string, object]>([
  ['2000 characters of text', { ...base, message: { text: 'a'.repeat(2000), metadata: 'a'.repeat(999) } }],
  ['an image by address', image({ url })],
  ['an image kept elsewhere', image({ attachment_id: '1745504518999123' })],
  ['a file', { ...base, message: { attachment: { type: 'file', payload: { url } } } }],
  ['13 quick replies', { ...base, message: { text: 'a', quick_replies: repeat(13, choice) } }],
  ['a tagged message', { ...base, messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', message: { text: 'a' } }],
  ['a silent message', { ...base, notification_type: 'NO_PUSH', message: { text: 'a' } }],
  ['an answer to an earlier message', { ...base, reply_to: { mid: 'm_1' }, message: { text: 'a' } }],
  [
    'a button template',
    {
      ...base,
      message: {
        attachment: {
          type: 'template',
          payload: {
            template_type: 'button',
            text: 'Sure?',
            buttons: [{ type: 'postback', title: 'Yes', payload: 'y' }],
          },
        },
      },
    },
  ],
  [
    'a utility template',
    { ...base, messaging_type: 'UTILITY', message: { template: { name: 'order', language: { code: 'en' } } } },
  ],
])('Messenger takes %s', async (_name, body) => {
  const { status, body: sent } = await send(body)
  expect(status).toBe(200)
  expect(sent).toEqual({ recipient_id: recipient.id, message_id: expect.stringMatching(/^m_/) })
})

test.each<[string, unknown, string]>([
  [
    'nobody is addressed',
    { messaging_type: 'RESPONSE', message: { text: 'a' } },
    'The parameter recipient is required',
  ],
  [
    'two are addressed',
    { ...base, recipient: { id: '1', user_ref: 'r' }, message: { text: 'a' } },
    'Param recipient must have exactly one of id, user_ref, comment_id, post_id',
  ],
  [
    'an id is no id',
    { ...base, recipient: { id: 'me' }, message: { text: 'a' } },
    'Param recipient[id] must be a valid ID string (e.g., "123")',
  ],
  ['the type is missing', { recipient, message: { text: 'a' } }, 'The parameter messaging_type is required'],
  [
    'a tag is missing',
    { ...base, messaging_type: 'MESSAGE_TAG', message: { text: 'a' } },
    'The parameter tag is required',
  ],
  [
    'a tag is dead',
    { ...base, messaging_type: 'MESSAGE_TAG', tag: 'ACCOUNT_UPDATE', message: { text: 'a' } },
    'Invalid parameter',
  ],
  [
    'a tag is unknown',
    { ...base, messaging_type: 'MESSAGE_TAG', tag: 'HELLO', message: { text: 'a' } },
    'Invalid tag.',
  ],
  [
    'a tag is out of place',
    { ...base, tag: 'HUMAN_AGENT', message: { text: 'a' } },
    'Messaging type should be MESSAGE_TAG for tagged messages.',
  ],
  ['there is no message', base, 'The parameter message is required'],
  ['the message is empty', { ...base, message: {} }, 'Message cannot be empty, must provide valid attachment or text'],
  [
    'text comes with an attachment',
    { ...base, message: { text: 'a', attachment: { type: 'image', payload: { url } } } },
    'Param message must have only one of text, attachment and template',
  ],
  [
    'a text is too long',
    { ...base, message: { text: 'a'.repeat(2001) } },
    'Length of param message[text] must be less than or equal to 2000',
  ],
  [
    'metadata is too long',
    { ...base, message: { text: 'a', metadata: 'a'.repeat(1000) } },
    'Length of param message[metadata] must be less than 1000',
  ],
  [
    'an attachment is of no known type',
    { ...base, message: { attachment: { type: 'gif', payload: { url } } } },
    'Param message[attachment][type] must be one of {image, audio, video, file, template}',
  ],
  ['an attachment is nowhere', image({}), 'Param message[attachment][payload] must have either url or attachment_id'],
  ['an attachment id is no id', image({ attachment_id: 'a1' }), 'Invalid attachment id'],
  [
    'there are 14 quick replies',
    { ...base, message: { text: 'a', quick_replies: repeat(14, choice) } },
    'Param message[quick_replies] must have at most 13 elements',
  ],
  [
    'a quick reply is too long',
    { ...base, message: { text: 'a', quick_replies: [{ ...choice, title: 'a'.repeat(21) }] } },
    'Length of param message[quick_replies][0][title] must be less than or equal to 20',
  ],
  [
    'the notification type is unknown',
    { ...base, notification_type: 'LOUD', message: { text: 'a' } },
    'Param notification_type must be one of {REGULAR, SILENT_PUSH, NO_PUSH} - got "LOUD".',
  ],
  ['the body is not JSON', 'hello', 'The parameter recipient is required'],
])('Messenger refuses a send where %s', async (_name, body, message) => {
  const refused = await send(body)
  expect(refused.status).toBe(400)
  expect(refused.body).toMatchObject({
    error: { message: `(#100) ${message}`, type: 'OAuthException', code: 100, fbtrace_id: expect.any(String) },
  })
})

test.each([
  [2018034, { ...base, message: {} }],
  [2018074, image({ attachment_id: 'a1' })],
])('some refusals have a subcode: %i', async (subcode, body) => {
  expect(await send(body)).toMatchObject({ body: { error: { error_subcode: subcode } } })
})

test('whom a user_ref stands for stays unsaid', async () => {
  const { status, body } = await send({ ...base, recipient: { user_ref: 'ref' }, message: { text: 'a' } })
  expect(status).toBe(200)
  expect(body).not.toHaveProperty('recipient_id')
})

test('a reusable attachment gets an id, which serves its page and no other', async () => {
  const { body } = await send(image({ url, is_reusable: true }), '1')
  const { attachment_id: id } = z.object({ attachment_id: z.string() }).parse(body)
  expect((await send(image({ attachment_id: id }), '1')).status).toBe(200)
  expect(await send(image({ attachment_id: id }), '2')).toMatchObject({ body: { error: { error_subcode: 2018074 } } })
})

test('typing is shown without a message, and is none', async () => {
  const typing = await send({ recipient: { id: '99' }, sender_action: 'typing_on' })
  expect(typing).toMatchObject({ status: 200, body: { recipient_id: '99' } })
  expect(typing.body).not.toHaveProperty('message_id')
  expect(await sandbox.control('/ledger?recipient=99')).toMatchObject({ entries: [] })
})

test('the ledger holds what was sent, as it was sent', async () => {
  const message = { text: 'a', metadata: 'order-1', somethingNew: { x: 1 } }
  const tagged = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', notification_type: 'NO_PUSH' }
  const { body } = await send({ recipient: { id: '77' }, ...tagged, message }, '5')
  expect(await sandbox.control('/ledger?recipient=77')).toMatchObject({
    entries: [
      {
        network: 'messenger',
        sender: '5',
        recipient: '77',
        via: 'send',
        messages: [message],
        messageIds: [z.object({ message_id: z.string() }).parse(body).message_id],
        messagingType: 'MESSAGE_TAG',
        tag: 'HUMAN_AGENT',
        notificationType: 'NO_PUSH',
        at: sandbox.clock.now,
      },
    ],
  })
})
