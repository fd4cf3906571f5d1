import { expect, test } from '@jest/globals'
import type { Earlier } from '@ott/delivery'

import { anAttempt } from '../a-delivery.ts'
import {
  answering,
  attributes,
  invalidReplyToken,
  issued,
  push,
  reply,
  sent,
  tokens,
  unauthorized,
  useScriptedLine,
} from './scripted-line.ts'

const line = useScriptedLine()

const lost = [
  ['500', { status: 500 }],
  ['503', { status: 503, body: '<html>' }],
  ['hang up', 'hang up'],
] as const

test.each(lost)(
  'a reply answered %s is made again with the same token, which reaches the person once',
  async (_what, script) => {
    line.script(reply, script, sent)
    expect(await line.deliver(answering())).toMatchObject({
      outcome: 'accepted',
      via: 'reply',
      messageIds: [expect.any(String)],
    })
    expect(new Set(line.calls(reply).map(({ text }) => text)).size).toBe(1)
    expect(line.calls(push)).toHaveLength(0)
  },
)

const unconfirmed = { outcome: 'accepted', via: 'reply', messageIds: [], confirmed: false }

test.each(lost)(
  'an invalid token after a reply answered %s says that the reply got through: nothing is pushed',
  async (_what, script) => {
    line.script(reply, script, invalidReplyToken)
    expect(await line.deliver(answering())).toEqual(unconfirmed)
    expect(line.calls(push)).toHaveLength(0)
  },
)

test('a reply whose answer never comes is in doubt, and nothing is pushed', async () => {
  line.script(reply, 'hang up')
  await expect(line.deliver(answering())).rejects.toMatchObject({ name: 'NoAnswer', reached: true })
  line.script(reply, { status: 500 })
  expect(await line.deliver(answering())).toMatchObject({
    outcome: 'deferred',
    reason: 'unavailable',
    inDoubt: true,
  })
  expect(line.calls(push)).toHaveLength(0)
})

const inDoubt = (recorded: string): { earlier: Earlier } => ({
  earlier: { recorded, inDoubt: true, doubtfulSince: Date.now() - 120_000 },
})
const old = { createdAt: Date.now() - 120_000 }

test('when an earlier reply is in doubt, the next one with its token decides: taken now, or taken then, but never pushed', async () => {
  line.script(reply, sent, invalidReplyToken)
  expect(await line.deliver(answering(old), inDoubt('reply'))).toMatchObject({
    via: 'reply',
    messageIds: [expect.any(String)],
  })
  expect(await line.deliver(answering(), inDoubt('reply'))).toEqual(unconfirmed)
  expect(line.calls(push)).toHaveLength(0)
})

test('a token that may have come to its end in the meantime proves nothing: nobody can tell what became of the reply', async () => {
  line.script(reply, invalidReplyToken)
  expect(await line.deliver(answering(old), inDoubt('reply'))).toMatchObject({
    outcome: 'refused',
    reason: 'ambiguous',
  })
  expect(line.calls(push)).toHaveLength(0)
})

test('a channel can have what was never confirmed end in an error', async () => {
  line.script(reply, invalidReplyToken)
  const strict = line.openWith({ ...attributes, unconfirmedReply: 'error' })
  expect(await strict.deliver(answering(), anAttempt(inDoubt('reply')))).toMatchObject({
    outcome: 'refused',
    reason: 'ambiguous',
  })
  expect(line.calls(push)).toHaveLength(0)
})

test('a worker lost before it put a reply on record has not replied: a token that LINE does not take is no sign of it', async () => {
  line.script(reply, invalidReplyToken)
  line.script(push, sent)
  const earlier = { inDoubt: false, doubtfulSince: Date.now() }
  expect(await line.deliver(answering(), { earlier })).toMatchObject({ via: 'push' })
})

test('a doubt lasts beyond the renewal of an access token', async () => {
  line.script(tokens, issued('old'), issued('new'))
  line.script(reply, 'hang up', unauthorized, invalidReplyToken)
  expect(await line.deliver(answering())).toEqual(unconfirmed)
  expect(line.calls(push)).toHaveLength(0)
})
