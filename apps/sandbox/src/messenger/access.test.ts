import { createHmac } from 'node:crypto'

import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { openTestSandbox, type TestSandbox } from '../test-sandbox.ts'

const body = { recipient: { id: '1' }, messaging_type: 'RESPONSE', message: { text: 'a' } }
const page = { pageId: '100', pageAccessToken: 'PAGE_TOKEN_EXAMPLE', applicationSecret: 'app-secret-example' }
const proof = createHmac('sha256', page.applicationSecret).update(page.pageAccessToken).digest('hex')

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openTestSandbox()
  await sandbox.control('/senders', { network: 'messenger', ...page })
})
afterAll(() => sandbox.close())

const send = (path: string, token?: string, more: object = {}) =>
  sandbox.call(
    `/messenger/v26.0/${path}`,
    { ...body, ...more },
    {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    },
  )

test('a declared page sends with its token and the proof of its application’s secret', async () => {
  expect((await send(`me/messages?appsecret_proof=${proof}`, page.pageAccessToken)).status).toBe(200)
  expect((await send(`100/messages`, page.pageAccessToken, { appsecret_proof: proof })).status).toBe(200)
  expect(await sandbox.control('/ledger?sender=100')).toMatchObject({ entries: [{ sender: '100' }, { sender: '100' }] })
})

test.each([
  ['', 'API calls from the server require an appsecret_proof argument'],
  ['?appsecret_proof=00', 'Invalid appsecret_proof provided in the API argument'],
])('a declared page without its proof is refused: %s', async (query, message) => {
  expect(await send(`me/messages${query}`, page.pageAccessToken)).toMatchObject({
    status: 400,
    body: { error: { message, code: 100, type: 'GraphMethodException' } },
  })
})

test('a declared page with another token is refused', async () => {
  expect(await send('100/messages', 'other')).toMatchObject({
    status: 400,
    body: {
      error: { code: 190, type: 'OAuthException', message: 'Invalid OAuth access token - Cannot parse access token' },
    },
  })
})

test('one page’s token does not open another page', async () => {
  expect(await send('200/messages', page.pageAccessToken)).toMatchObject({
    body: { error: { code: 100, error_subcode: 33 } },
  })
})

test.each([
  ['me', 2500],
  ['100', 104],
])('nobody sends without a token: %s', async (sender, code) => {
  expect(await send(`${sender}/messages`)).toMatchObject({ status: 400, body: { error: { code } } })
})

test('the token may come in the query or in the body', async () => {
  expect((await send('300/messages?access_token=any')).status).toBe(200)
  expect((await send('300/messages', undefined, { access_token: 'any' })).status).toBe(200)
})

test('a page that was not declared is taken at its word', async () => {
  expect((await send('400/messages', 'anything')).status).toBe(200)
  expect((await send('me/messages', 'anything')).status).toBe(200)
})

test.each(['me', '100'])('a declared page’s token and proof tell whose they are: %s', async (owner) => {
  const headers = { authorization: `Bearer ${page.pageAccessToken}` }
  const path = `/messenger/v26.0/${owner}?fields=id`
  expect(await sandbox.call(`${path}&appsecret_proof=${proof}`, undefined, { headers })).toMatchObject({
    status: 200,
    body: { id: '100' },
  })
  expect(await sandbox.call(path, undefined, { headers })).toMatchObject({
    status: 400,
    body: { error: { code: 100 } },
  })
})

test('whose an undeclared token is, the sandbox cannot tell', async () => {
  const headers = { authorization: 'Bearer anything' }
  expect(await sandbox.call('/messenger/v26.0/me?fields=id', undefined, { headers })).toMatchObject({
    status: 400,
    body: { error: { code: 190 } },
  })
})

test('other paths and methods are answered as Graph does', async () => {
  const unknown = await sandbox.call('/messenger/v26.0/me/friends', body)
  expect(unknown).toMatchObject({ status: 400, body: { error: { code: 2500 } } })
  const read = await sandbox.call('/messenger/v26.0/100/messages')
  expect(read).toMatchObject({ status: 400, body: { error: { code: 100, error_subcode: 33 } } })
})
