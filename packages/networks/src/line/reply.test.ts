import { expect, test } from '@jest/globals'
import type { Earlier } from '@ott/delivery'

import { answering, invalidReplyToken, push, reply, sent, useScriptedLine } from './scripted-line.ts'

const line = useScriptedLine()

test('a valid reply token is used, and nothing is pushed', async () => {
  line.script(reply, sent)
  expect(await line.deliver(answering())).toEqual({
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

test('an invalid reply token falls back to a push of the same messages to the person, put on record first', async () => {
  line.script(reply, invalidReplyToken)
  line.script(push, sent)
  const recorded: string[] = []
  const record = async (via: string) =>
    void recorded.push(`${via} after ${line.calls(via === 'push' ? push : reply).length}`)
  expect(await line.deliver(answering(), { record })).toMatchObject({ outcome: 'accepted', via: 'push' })
  expect(recorded).toEqual(['reply after 0', 'push after 0'])
  expect(line.calls(push)[0]?.body).toEqual({
    to: 'U4af4980629a1b2c3d4e5f60718293a4b',
    messages: [{ type: 'text', text: 'Your table is ready' }],
  })
})

test.each([
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
  expect(await line.deliver(answering())).toMatchObject(expected)
  expect(line.calls(reply)).toHaveLength(1)
  expect(line.calls(push)).toHaveLength(0)
})

test('a reply never carries a retry key, which LINE would refuse', async () => {
  line.script(reply, sent)
  await line.deliver(answering())
  expect(line.calls(reply)[0]?.headers).not.toHaveProperty('x-line-retry-key')
})

const old = { createdAt: Date.now() - 120_000 }

test('a token known to be too old is not tried: the delivery is pushed at once', async () => {
  line.script(push, sent)
  expect(await line.deliver(answering({ createdAt: Date.now() - 60_000 }))).toMatchObject({ via: 'push' })
  expect(line.calls(reply)).toHaveLength(0)
})

test('a reply that was definitely refused is made again while the token is good, and pushed after that', async () => {
  line.script(reply, sent)
  line.script(push, sent)
  const earlier = { recorded: 'reply', inDoubt: false }
  expect(await line.deliver(answering(), { earlier })).toMatchObject({ via: 'reply' })
  const recorded: string[] = []
  const record = async (via: string) => void recorded.push(via)
  expect(await line.deliver(answering(old), { earlier, record })).toMatchObject({ via: 'push' })
  expect(recorded).toEqual(['push'])
})

test.each<[string, Earlier]>([
  ['on record', { recorded: 'push', inDoubt: false }],
  ['in doubt', { recorded: 'push', inDoubt: true, doubtfulSince: Date.now() }],
])('a delivery whose push is %s is pushed again, never replied to', async (_what, earlier) => {
  line.script(push, sent)
  expect(await line.deliver(answering(), { earlier })).toMatchObject({ via: 'push' })
  expect(line.calls(reply)).toHaveLength(0)
})

test('a worker that comes back after another has taken the delivery does not push', async () => {
  line.script(reply, invalidReplyToken)
  await expect(line.deliver(answering(), { record: refusePush })).rejects.toThrow('another worker has it')
  expect(line.calls(push)).toHaveLength(0)
})

async function refusePush(via: string): Promise<void> {
  if (via === 'push') throw new Error('another worker has it')
}
