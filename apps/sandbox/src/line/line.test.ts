import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { hello, openTestSandbox, person, repeat, type TestSandbox } from '../test-sandbox.ts'

let sandbox: TestSandbox
let headers: Record<string, string>
beforeAll(async () => {
  sandbox = await openTestSandbox()
  headers = await sandbox.authorize('1')
})
afterAll(() => sandbox.close())

const push = (body: unknown, more: Record<string, string> = {}) =>
  sandbox.call('/line/v2/bot/message/push', body, { headers: { ...headers, ...more } })

test.each([0, 6])('one request cannot bring %i messages', async (count) => {
  const refused = await push({ to: person, messages: repeat(count, hello) })
  expect(refused.body).toMatchObject({ details: [{ message: 'Size must be between 1 and 5', property: 'messages' }] })
})

test.each([undefined, 'someone', person.toUpperCase(), 7])('a push needs an address: %j', async (to) => {
  const { status, body } = await push({ to, messages: [hello] })
  expect(status).toBe(400)
  expect(body).toEqual({ message: "The property, 'to', in the request body is invalid (line: -, column: -)" })
})

test('a body that is not JSON, or not called so, is refused', async () => {
  expect(await push('{"to" "x"}')).toMatchObject({
    status: 400,
    body: { message: 'The request body could not be parsed as JSON (line: 1, column: 7)' },
  })
  expect(await push({ to: person, messages: [hello] }, { 'content-type': 'text/plain' })).toMatchObject({
    status: 415,
    body: { message: 'The content type, text/plain, is not supported' },
  })
})

test('a body above 2 MB is refused as too large', async () => {
  expect((await push({ to: person, messages: [hello], filler: 'a'.repeat(2 * 1024 * 1024) })).status).toBe(413)
})

test('an unknown path is not found, a wrong method not allowed', async () => {
  expect(await sandbox.call('/line/v2/bot/message/pull', {})).toMatchObject({
    status: 404,
    body: { message: 'Not found' },
  })
  const refused = await sandbox.call('/line/v2/bot/message/push')
  expect(refused.status).toBe(405)
  expect(refused.headers.get('allow')).toBe('POST')
})
