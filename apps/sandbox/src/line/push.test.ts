import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'

import { hello, openTestSandbox, person, type TestSandbox } from '../test-sandbox.ts'

const push = '/line/v2/bot/message/push'
const dayMs = 24 * 60 * 60 * 1000
const Sent = z.object({ sentMessages: z.array(z.object({ id: z.string(), quoteToken: z.string().optional() })) })

let sandbox: TestSandbox
let headers: Record<string, string>
beforeAll(async () => {
  sandbox = await openTestSandbox()
  headers = await sandbox.authorize('1')
})
afterAll(() => sandbox.close())

const pushOnce = (retryKey: string, messages: unknown[] = [hello], more: Record<string, string> = {}) =>
  sandbox.call(push, { to: person, messages }, { headers: { ...headers, 'x-line-retry-key': retryKey, ...more } })

test('each message gets an id that no JavaScript number can hold', async () => {
  const { status, body } = await sandbox.call(push, { to: person, messages: [hello, hello] }, { headers })
  expect(status).toBe(200)
  const ids = Sent.parse(body).sentMessages.map(({ id }) => id)
  expect(new Set(ids).size).toBe(2)
  for (const id of ids) expect(String(Number(id))).not.toBe(id)
})

test('only what can be quoted gets a quote token', async () => {
  const audio = { type: 'audio', originalContentUrl: 'https://example.com/a.m4a', duration: 1000 }
  const { body } = await sandbox.call(push, { to: person, messages: [hello, audio] }, { headers })
  const [text, sound] = Sent.parse(body).sentMessages
  expect(text?.quoteToken).toEqual(expect.any(String))
  expect(sound).not.toHaveProperty('quoteToken')
})

test('every answer has a request id of its own, whatever it says', async () => {
  const answers = await Promise.all([
    sandbox.call(push, { to: person, messages: [hello] }, { headers }),
    sandbox.call(push, 'no JSON', { headers }),
    sandbox.call('/line/v2/bot/message/nothing'),
    sandbox.call('/line/oauth2/v3/token', ''),
  ])
  const ids = answers.map((answer) => answer.headers.get('x-line-request-id'))
  expect(new Set(ids).size).toBe(4)
  expect(ids).not.toContain(null)
})

test('a retry key accepted before is answered 409 with the original ids, and nothing is sent again', async () => {
  const retryKey = randomUUID()
  const first = await pushOnce(retryKey, [hello, { type: 'sticker', packageId: '1', stickerId: '2' }])
  const again = await pushOnce(retryKey.toUpperCase())
  expect(again.status).toBe(409)
  expect(again.body).toEqual({ message: 'The retry key is already accepted', ...Sent.parse(first.body) })
  expect(again.headers.get('x-line-accepted-request-id')).toBe(first.headers.get('x-line-request-id'))
  expect(again.headers.get('x-line-request-id')).not.toBe(first.headers.get('x-line-request-id'))
  const { entries } = z
    .object({ entries: z.array(z.object({ retryKey: z.string().optional() })) })
    .parse(await sandbox.control(`/ledger?recipient=${person}`))
  expect(entries.filter((entry) => entry.retryKey === retryKey)).toHaveLength(1)
})

test('a request that was refused leaves its retry key free', async () => {
  const retryKey = randomUUID()
  expect((await pushOnce(retryKey, [])).status).toBe(400)
  expect((await pushOnce(retryKey)).status).toBe(200)
})

test('after 24 hours a retry key is a new one', async () => {
  const retryKey = randomUUID()
  await pushOnce(retryKey)
  sandbox.clock.now += dayMs - 1
  headers = await sandbox.authorize('1')
  expect((await pushOnce(retryKey)).status).toBe(409)
  sandbox.clock.now += 1
  expect((await pushOnce(retryKey)).status).toBe(200)
})

test('the clock can be put forward, so that a retry key is forgotten at once', async () => {
  const retryKey = randomUUID()
  await pushOnce(retryKey)
  await sandbox.control('/clock', { advanceSeconds: 86_400 })
  headers = await sandbox.authorize('1')
  expect((await pushOnce(retryKey)).status).toBe(200)
})

test('one channel’s retry key is not another’s', async () => {
  const retryKey = randomUUID()
  await pushOnce(retryKey)
  expect((await pushOnce(retryKey, [hello], await sandbox.authorize('2'))).status).toBe(200)
})

test('a retry key must be a UUID', async () => {
  expect((await pushOnce('attempt-1')).status).toBe(400)
})

test('a retry key is refused wherever it has no meaning', async () => {
  const keyed = { headers: { ...headers, 'x-line-retry-key': randomUUID() } }
  const reply = { replyToken: await sandbox.replyToken({ userId: person }), messages: [hello] }
  expect((await sandbox.call('/line/v2/bot/message/reply', reply, keyed)).status).toBe(400)
  expect((await sandbox.call('/line/v2/bot/message/validate/push', { messages: [hello] }, keyed)).status).toBe(400)
  expect((await sandbox.call('/line/v2/bot/message/quota', undefined, keyed)).status).toBe(400)
})

test('what a channel has pushed counts against its quota', async () => {
  const mine = { headers: await sandbox.authorize('quota') }
  await sandbox.call(push, { to: person, messages: [hello, hello] }, mine)
  const replyToken = await sandbox.replyToken({ userId: person })
  await sandbox.call('/line/v2/bot/message/reply', { replyToken, messages: [hello] }, mine)
  expect((await sandbox.call('/line/v2/bot/message/quota', undefined, mine)).body).toEqual({ type: 'none' })
  const consumed = await sandbox.call('/line/v2/bot/message/quota/consumption', undefined, mine)
  expect(consumed.body).toEqual({ totalUsage: 1 })
})
