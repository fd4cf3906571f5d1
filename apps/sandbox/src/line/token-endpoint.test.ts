import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { hello, openTestSandbox, person, type TestSandbox } from '../test-sandbox.ts'

const minuteMs = 60_000
const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openTestSandbox()
})
afterAll(() => sandbox.close())

test('a channel gets a bearer token for fifteen minutes', async () => {
  const body = 'grant_type=client_credentials&client_id=1&client_secret=s'
  const { status, body: issued } = await sandbox.call('/line/oauth2/v3/token', body, form)
  expect(status).toBe(200)
  expect(issued).toEqual({ token_type: 'Bearer', expires_in: 899, access_token: expect.any(String) })
})

test('a token opens the message API until it is fifteen minutes old', async () => {
  const headers = await sandbox.authorize('1')
  sandbox.clock.now += 15 * minuteMs - 1
  expect((await sandbox.call('/line/v2/bot/message/quota', undefined, { headers })).status).toBe(200)
  sandbox.clock.now += 1
  const expired = await sandbox.call('/line/v2/bot/message/quota', undefined, { headers })
  expect(expired.status).toBe(401)
  expect(expired.body).toEqual({
    message:
      'Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization header is valid.',
  })
})

test.each<Record<string, string>>([{}, { authorization: 'Bearer nonsense' }, { authorization: 'Basic dXNlcjpwYXNz' }])(
  'without a token of its own LINE is closed: %j',
  async (headers) => {
    const message = { to: person, messages: [hello] }
    expect((await sandbox.call('/line/v2/bot/message/push', message, { headers })).status).toBe(401)
  },
)

test('two tokens of one channel are both good, and each says who sends', async () => {
  const first = await sandbox.authorize('two-tokens')
  const second = await sandbox.authorize('two-tokens')
  for (const headers of [first, second])
    await sandbox.call('/line/v2/bot/message/push', { to: person, messages: [hello] }, { headers })
  expect(await sandbox.control('/ledger')).toMatchObject({
    entries: [{ sender: 'two-tokens' }, { sender: 'two-tokens' }],
  })
})

test.each([
  ['', 'invalid_request'],
  ['grant_type=password&client_id=1&client_secret=s', 'unsupported_grant_type'],
  ['grant_type=client_credentials&client_secret=s', 'invalid_request'],
  ['grant_type=client_credentials&client_id=1', 'invalid_request'],
])('a token request that lacks something is refused in the OAuth shape: %s', async (body, error) => {
  const refused = await sandbox.call('/line/oauth2/v3/token', body, form)
  expect(refused.status).toBe(400)
  expect(refused.body).toEqual({ error, error_description: expect.any(String) })
})

test('a token request must be a form', async () => {
  const body = { grant_type: 'client_credentials', client_id: '1', client_secret: 's' }
  const refused = await sandbox.call('/line/oauth2/v3/token', body)
  expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
})

test('a declared channel gets a token for its own secret only', async () => {
  await sandbox.control('/senders', { network: 'line', channelId: 'declared', channelSecret: 'right' })
  const ask = (secret: string) =>
    sandbox.call(
      '/line/oauth2/v3/token',
      `grant_type=client_credentials&client_id=declared&client_secret=${secret}`,
      form,
    )
  expect((await ask('right')).status).toBe(200)
  expect(await ask('wrong')).toMatchObject({ status: 400, body: { error: 'invalid_client' } })
})
