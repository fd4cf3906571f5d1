import { expect, test } from '@jest/globals'

import { aDelivery, anAttempt } from '../a-delivery.ts'
import { issued, push, sent, tokens, unauthorized, useScriptedLine } from './scripted-line.ts'
import { channelTokens } from './token.ts'

const line = useScriptedLine()
const signal = new AbortController().signal

test('a token that LINE no longer takes is renewed once, and the delivery goes through', async () => {
  line.script(tokens, issued('old'), issued('new'))
  line.script(push, ({ headers }) => (headers.authorization === 'Bearer new' ? sent : unauthorized))
  expect(await line.deliver(aDelivery())).toMatchObject({ outcome: 'accepted' })
  expect(line.calls(tokens)).toHaveLength(2)
})

test('a channel whose fresh token is refused too is refused, after one renewal', async () => {
  line.script(push, unauthorized)
  expect(await line.deliver(aDelivery())).toMatchObject({ outcome: 'refused', reason: 'credentials' })
  expect(line.calls(tokens)).toHaveLength(2)
  expect(line.calls(push)).toHaveLength(2)
})

test('however many deliveries wait, one access token is asked for', async () => {
  line.script(push, sent)
  const channel = line.open()
  const receipts = await Promise.all(Array.from({ length: 20 }, () => channel.deliver(aDelivery(), anAttempt())))
  expect(receipts.every(({ outcome }) => outcome === 'accepted')).toBe(true)
  expect(line.calls(tokens)).toHaveLength(1)
  expect(line.calls(tokens)[0]?.text).toBe(
    'grant_type=client_credentials&client_id=1650000000&client_secret=channel-secret-1',
  )
})

test('a channel that LINE does not know is refused for its credentials, and nothing is pushed', async () => {
  line.script(tokens, {
    status: 400,
    body: { error: 'invalid_client', error_description: 'invalid client_secret' },
  })
  expect(await line.deliver(aDelivery())).toMatchObject({
    outcome: 'refused',
    reason: 'credentials',
    message: 'LINE answered 401: invalid client_secret',
  })
  expect(line.calls(push)).toHaveLength(0)
})

test('a token is used until shortly before it expires, and then another one is asked for', async () => {
  let now = 0
  let asked = 0
  const exchange = async () => ({ ...issued(`token-${++asked}`), headers: {} })
  const channel = { channelId: '1', channelSecret: 's' }
  const held = channelTokens(channel, 'http://line.test/oauth2/v3/token', exchange, () => now)
  const used: string[] = []
  const use = () =>
    held.use(signal, async (token) => {
      used.push(token)
      return { outcome: 'accepted', via: 'push', messageIds: [] }
    })

  await use()
  now = (899 - 61) * 1000
  await use()
  now = (899 - 59) * 1000
  await use()
  expect(used).toEqual(['token-1', 'token-1', 'token-2'])
})

test('an answer of 200 without a token defers the delivery', async () => {
  line.script(tokens, { status: 200, body: '<html>' })
  expect(await line.deliver(aDelivery())).toMatchObject({ outcome: 'deferred', reason: 'unavailable' })
  expect(line.calls(push)).toHaveLength(0)
})

test('a token endpoint that does not answer leaves no doubt about the delivery, unless there was one before', async () => {
  line.script(tokens, 'hang up')
  expect(await line.deliver(aDelivery())).toEqual({
    outcome: 'deferred',
    reason: 'no-answer',
    message: expect.stringContaining('gave no answer'),
  })
  line.script(tokens, issued('old'), 'hang up')
  line.script(push, 'hang up', unauthorized)
  expect(await line.deliver(aDelivery())).toMatchObject({ reason: 'no-answer', inDoubt: true })
})

test('a delivery that waits for a token does not end with the one that asked for it', async () => {
  const abort = new AbortController()
  let asked: (() => void) | undefined
  const asking = new Promise<void>((resolve) => (asked = resolve))
  line.script(
    tokens,
    () => {
      asked?.()
      return 'stay silent'
    },
    issued('access-token-1'),
  )
  line.script(push, sent)
  const channel = line.open()
  const stopped = channel.deliver(aDelivery(), anAttempt({ signal: abort.signal }))
  const waiting = channel.deliver(aDelivery(), anAttempt())
  const end = expect(stopped).rejects.toThrow('stopping')
  await asking
  abort.abort(new Error('stopping'))
  await end
  expect(await waiting).toMatchObject({ outcome: 'accepted' })
})
