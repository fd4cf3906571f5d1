import { expect, test } from '@jest/globals'
import type { Delivery } from '@ott/delivery'

import { aDelivery } from '../network-contract.ts'
import { invalidReplyToken, push, reply, sent, useScriptedLine } from './scripted-line.ts'

const line = useScriptedLine()

function withReference(changes: Partial<Delivery> = {}): Delivery {
  return aDelivery({ recipient: { id: 'U4af4980629a1b2c3d4e5f60718293a4b', reference: 'reply-token-1' }, ...changes })
}

test('a valid reply token is used, and nothing is pushed', async () => {
  line.script(reply, sent)
  expect(await line.deliver(withReference())).toEqual({
    outcome: 'accepted',
    via: 'reply',
    messageIds: ['461230966842064897'],
    requestId: 'r-1',
  })
  expect(line.calls(reply)[0]?.body).toEqual({
    replyToken: 'reply-token-1',
    messages: [{ type: 'text', text: 'Your table is ready' }],
  })
  expect(line.calls(push)).toHaveLength(0)
})

test('an invalid reply token falls back to a push of the same messages to the person', async () => {
  line.script(reply, invalidReplyToken)
  line.script(push, sent)
  expect(await line.deliver(withReference())).toMatchObject({ outcome: 'accepted', via: 'push' })
  expect(line.calls(push)[0]?.body).toEqual({
    to: 'U4af4980629a1b2c3d4e5f60718293a4b',
    messages: [{ type: 'text', text: 'Your table is ready' }],
  })
})

test.each([
  ['500', { status: 500, body: { message: 'Internal server error' } }, { outcome: 'deferred', reason: 'unavailable' }],
  [
    '429',
    { status: 429, body: { message: 'The API rate limit has been exceeded. Try again later.' } },
    { outcome: 'deferred', reason: 'throttled' },
  ],
  [
    '400 of another kind',
    { status: 400, body: { message: 'The request body has 1 error(s)' } },
    { outcome: 'refused', reason: 'content' },
  ],
  [
    '403 that says Invalid reply token',
    { status: 403, body: { message: 'Invalid reply token' } },
    { outcome: 'refused' },
  ],
])('a reply answered %s is neither repeated nor pushed', async (_status, script, expected) => {
  line.script(reply, script)
  expect(await line.deliver(withReference())).toMatchObject(expected)
  expect(line.calls(reply)).toHaveLength(1)
  expect(line.calls(push)).toHaveLength(0)
})

test('a reply without an answer is neither repeated nor pushed in that attempt: it may have got through', async () => {
  line.script(reply, 'hang up')
  await expect(line.deliver(withReference())).rejects.toMatchObject({ name: 'NoAnswer' })
  expect(line.calls(reply)).toHaveLength(1)
  expect(line.calls(push)).toHaveLength(0)
})

test('a push carries the delivery’s id as retry key from its first attempt, and every repeat is the same', async () => {
  line.script(push, { status: 500 }, 'hang up', sent)
  const delivery = aDelivery()
  expect(await line.deliver(delivery)).toMatchObject({ outcome: 'accepted' })
  const calls = line.calls(push)
  expect(calls.map(({ headers }) => headers['x-line-retry-key'])).toEqual([delivery.id, delivery.id, delivery.id])
  expect(new Set(calls.map(({ text }) => text)).size).toBe(1)
})

test('a reply never carries a retry key, which LINE would refuse', async () => {
  line.script(reply, sent)
  await line.deliver(withReference())
  expect(line.calls(reply)[0]?.headers).not.toHaveProperty('x-line-retry-key')
})

test('a push that LINE had already accepted is a success with the original ids', async () => {
  line.script(push, {
    status: 409,
    headers: { 'x-line-request-id': 'r-2', 'x-line-accepted-request-id': 'r-1' },
    body: {
      message: 'The retry key is already accepted',
      sentMessages: [{ id: '461230966842064897', quoteToken: 'q' }],
    },
  })
  expect(await line.deliver(aDelivery())).toEqual({
    outcome: 'accepted',
    via: 'push',
    messageIds: ['461230966842064897'],
    requestId: 'r-1',
  })
})
