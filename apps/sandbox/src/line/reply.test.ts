import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { hello, openTestSandbox, person, type TestSandbox } from '../test-sandbox.ts'

const invalid = { status: 400, body: { message: 'Invalid reply token' } }

let sandbox: TestSandbox
let headers: Record<string, string>
beforeAll(async () => {
  sandbox = await openTestSandbox({ replyTokenLifetimeMs: 60_000 })
  headers = await sandbox.authorize('1')
})
afterAll(() => sandbox.close())

const reply = (replyToken: string, messages: unknown[] = [hello]) =>
  sandbox.call('/line/v2/bot/message/reply', { replyToken, messages }, { headers })

test('a reply token reaches the person who wrote, once', async () => {
  const replyToken = await sandbox.replyToken({ userId: person })
  expect((await reply(replyToken)).status).toBe(200)
  expect(await reply(replyToken)).toMatchObject(invalid)
  expect(await sandbox.control(`/ledger?recipient=${person}`)).toMatchObject({
    entries: [{ via: 'reply', sender: '1', recipient: person, messages: [hello] }],
  })
})

test('a reply token is good for a minute', async () => {
  const intime = await sandbox.replyToken({ userId: person })
  const late = await sandbox.replyToken({ userId: person })
  sandbox.clock.now += 60_000 - 1
  expect((await reply(intime)).status).toBe(200)
  sandbox.clock.now += 1
  expect(await reply(late)).toMatchObject(invalid)
})

test('a reply token may be issued for a time of its own', async () => {
  const replyToken = await sandbox.replyToken({ userId: person, lifetimeSeconds: 2 })
  sandbox.clock.now += 2000
  expect(await reply(replyToken)).toMatchObject(invalid)
})

test('the clock can be put forward, so that a token ages at once', async () => {
  const replyToken = await sandbox.replyToken({ userId: person })
  const { now } = sandbox.clock
  expect(await sandbox.control('/clock', { advanceSeconds: 60 })).toEqual({ now: now + 60_000 })
  expect(await reply(replyToken)).toMatchObject(invalid)
})

test('nonsense is an invalid reply token like any other', async () => {
  expect(await reply('nonsense')).toMatchObject(invalid)
})

test('messages that are refused do not use the token up', async () => {
  const replyToken = await sandbox.replyToken({ userId: person })
  expect(await reply(replyToken, [])).toMatchObject({ body: { message: 'The request body has 1 error(s)' } })
  expect((await reply(replyToken)).status).toBe(200)
})

test.each([undefined, '', 7])('a reply needs a token: %j', async (replyToken) => {
  const refused = await sandbox.call('/line/v2/bot/message/reply', { replyToken, messages: [hello] }, { headers })
  expect(refused).toMatchObject({
    status: 400,
    body: { message: "The property, 'replyToken', in the request body is invalid (line: -, column: -)" },
  })
})
