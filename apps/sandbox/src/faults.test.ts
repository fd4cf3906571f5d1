import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { z } from 'zod'

import { hello, openTestSandbox, person, type TestSandbox } from './test-sandbox.ts'

const other = person.replace('U0', 'U1')
const id = '4321567890123456'
const Planned = z.object({ id: z.string() })

let sandbox: TestSandbox
let headers: Record<string, string>
beforeAll(async () => {
  sandbox = await openTestSandbox()
  headers = await sandbox.authorize('1')
})
beforeEach(async () => {
  await sandbox.call('/sandbox/faults', undefined, { method: 'DELETE' })
  await sandbox.call('/sandbox/ledger', undefined, { method: 'DELETE' })
  await sandbox.call('/sandbox/calls', undefined, { method: 'DELETE' })
})
afterAll(() => sandbox.close())

const plan = (fault: object) => sandbox.control('/faults', fault)
const push = (to = person) => sandbox.call('/line/v2/bot/message/push', { to, messages: [hello] }, { headers })
const reply = async () =>
  sandbox.call(
    '/line/v2/bot/message/reply',
    { replyToken: await sandbox.replyToken({ userId: person }), messages: [hello] },
    { headers },
  )
const send = (page = 'me') =>
  sandbox.call(
    `/messenger/v26.0/${page}/messages`,
    { recipient: { id }, messaging_type: 'RESPONSE', message: { text: 'hello' } },
    { headers: { authorization: 'Bearer t' } },
  )
const accepted = async () => {
  const ledger = z.object({ entries: z.array(z.unknown()) }).parse(await sandbox.control('/ledger'))
  return ledger.entries.length > 0
}

test.each([
  ['rate-limit', 429, 'The API rate limit has been exceeded. Try again later.'],
  ['monthly-limit', 429, 'You have reached your monthly limit.'],
  ['same-user-limit', 429, 'Too many messages have been sent to the same user.'],
  ['server-error', 500, 'Internal Server Error'],
  ['unauthorized', 401, expect.stringContaining('Authentication failed')],
  ['forbidden', 403, 'Access to this API is not available for your account'],
  ['unknown-recipient', 400, 'Failed to send messages'],
])('LINE can be made to answer %s once, accepting nothing', async (fault, status, message) => {
  await plan({ network: 'line', fault })
  const failed = await push()
  expect(failed).toMatchObject({ status, body: { message } })
  expect(failed.headers.get('x-line-request-id')).not.toBeNull()
  expect(await accepted()).toBe(false)
  expect((await push()).status).toBe(200)
})

test('an invalid reply token can be made of a good one, and stays good', async () => {
  await plan({ network: 'line', fault: 'invalid-reply-token' })
  expect((await push()).status).toBe(200)
  expect(await reply()).toMatchObject({ status: 400, body: { message: 'Invalid reply token' } })
  expect((await reply()).status).toBe(200)
})

test('the token endpoint fails only when it is meant', async () => {
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  const ask = () =>
    sandbox.call('/line/oauth2/v3/token', 'grant_type=client_credentials&client_id=1&client_secret=s', form)
  await plan({ network: 'line', fault: 'server-error' })
  expect((await ask()).status).toBe(200)
  await plan({ network: 'line', fault: 'server-error', operation: 'token' })
  expect((await ask()).status).toBe(500)
  await plan({ network: 'line', fault: 'invalid-client' })
  expect(await ask()).toMatchObject({ status: 400, body: { error: 'invalid_client' } })
})

test.each([
  ['graph-error', 400, { code: 1 }],
  ['rate-limit', 400, { code: 613 }],
  ['expired-token', 400, { code: 190, error_subcode: 463 }],
  ['temporary', 400, { code: 2, is_transient: true }],
  ['server-error', 500, { code: 1 }],
])('Messenger can be made to answer %s once, accepting nothing', async (fault, status, error) => {
  await plan({ network: 'messenger', fault })
  expect(await send()).toMatchObject({ status, body: { error } })
  expect(await accepted()).toBe(false)
  expect((await send()).status).toBe(200)
})

test('any of Graph’s errors can be had, in any dress', async () => {
  await plan({ network: 'messenger', fault: 'graph-error', code: 10, subcode: 2018278, message: 'late', status: 403 })
  const { status, body } = await send()
  expect(status).toBe(403)
  expect(body).toMatchObject({ error: { message: 'late', type: 'OAuthException', code: 10, error_subcode: 2018278 } })
})

test('a throttled page is told in how many minutes to come back', async () => {
  await plan({ network: 'messenger', fault: 'rate-limit', regainAccessMinutes: 7 })
  const throttled = await send('100')
  const usage: unknown = JSON.parse(throttled.headers.get('x-business-use-case-usage') ?? '')
  expect(usage).toMatchObject({ '100': [{ type: 'messenger', estimated_time_to_regain_access: 7 }] })
  expect(throttled.headers.get('x-app-usage')).toContain('"call_count":100')
})

test('Messenger can send and report an error all the same', async () => {
  await plan({ network: 'messenger', fault: 'sent-but-error' })
  expect(await send()).toMatchObject({ body: { error: { code: 1, error_subcode: 1357046 } } })
  expect(await accepted()).toBe(true)
})

const networks = [
  ['line', push],
  ['messenger', send],
] as const

test.each(networks)('%s can cut the connection before it accepts', async (network, call) => {
  await plan({ network, fault: 'drop-before' })
  await expect(call()).rejects.toThrow()
  expect(await accepted()).toBe(false)
})

test.each(networks)('%s can cut the connection after it accepted', async (network, call) => {
  await plan({ network, fault: 'drop-after' })
  await expect(call()).rejects.toThrow()
  expect(await accepted()).toBe(true)
})

test.each(networks)('%s can accept and answer garbage', async (network, call) => {
  await plan({ network, fault: 'garbage' })
  expect(await call()).toMatchObject({ status: 200, body: '<p>Sent!' })
  expect(await accepted()).toBe(true)
})

test.each(networks)('%s can be unavailable, in HTML', async (network, call) => {
  await plan({ network, fault: 'unavailable' })
  expect(await call()).toMatchObject({ status: 503, body: expect.stringContaining('<html>') })
  expect(await accepted()).toBe(false)
})

test.each(networks)('%s can be slow, and accepts in the end', async (network, call) => {
  await plan({ network, fault: 'slow', delayMs: 120 })
  const startedAt = performance.now()
  expect((await call()).status).toBe(200)
  expect(performance.now() - startedAt).toBeGreaterThan(110)
  expect(await accepted()).toBe(true)
})

test('a message can be accepted at once, and its answer come too late for any caller', async () => {
  await plan({ network: 'line', fault: 'slow-answer', delayMs: 600_000 })
  const caller = new AbortController()
  const body = JSON.stringify({ to: person, messages: [hello] })
  const request = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body }
  const answer = fetch(`${sandbox.url}/line/v2/bot/message/push`, { ...request, signal: caller.signal })
  const waited = expect(answer).rejects.toThrow('aborted')
  while (!(await accepted())) continue
  caller.abort()
  await waited
})

test('a fault can be meant for one recipient', async () => {
  await plan({ network: 'line', fault: 'server-error', recipient: person })
  expect((await push(other)).status).toBe(200)
  expect((await reply()).status).toBe(500)
})

test('a fault can be meant for one sender', async () => {
  await plan({ network: 'messenger', fault: 'temporary', sender: '100' })
  expect((await send('200')).status).toBe(200)
  expect((await send('100')).status).toBe(400)
})

test('a fault strikes as often as it was told, or until it is removed', async () => {
  await plan({ network: 'line', fault: 'rate-limit', times: 2 })
  const { id: lasting } = Planned.parse(await plan({ network: 'line', fault: 'server-error', times: 0 }))
  const statuses = []
  for (let turn = 0; turn < 4; turn += 1) statuses.push((await push()).status)
  expect(statuses).toEqual([429, 429, 500, 500])
  expect(await sandbox.control('/faults')).toMatchObject({ faults: [{ id: lasting, fault: 'server-error', met: 2 }] })
  const path = `/sandbox/faults/${lasting}`
  expect((await sandbox.call(path, undefined, { method: 'DELETE' })).status).toBe(204)
  expect((await push()).status).toBe(200)
  expect((await sandbox.call(path, undefined, { method: 'DELETE' })).status).toBe(404)
})

test('the call log shows which call met which fault', async () => {
  await plan({ network: 'line', fault: 'drop-before' })
  await expect(push()).rejects.toThrow()
  await push()
  expect(await sandbox.control('/calls?network=line')).toMatchObject({
    calls: [
      { operation: 'push', recipient: person, sender: '1', fault: 'drop-before', status: null },
      { operation: 'push', recipient: person, sender: '1', status: 200 },
    ],
  })
})
