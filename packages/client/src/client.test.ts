import { inspect } from 'node:util'

import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import { createClient } from './client.ts'
import type { LineRequest } from './send-request.ts'
import { accepted, clientId, clientSecret, refused, useScriptedApi } from './use-scripted-api.ts'

const api = useScriptedApi()

const request: LineRequest = {
  messageKey: 'order-17',
  from: { senderType: 'line', senderId: '1234567890' },
  to: { ottId: 'U0123456789abcdef0123456789abcdef' },
  message: { contents: [{ type: 'text', text: 'Your table is ready' }] },
  validityPeriod: 'PT30M',
}
const keys = () => api.received.map(({ headers }) => headers['idempotency-key'])

test('a send carries the request as it was given, a token, and a key of its own', async () => {
  api.answer(() => accepted())
  const client = api.client()
  expect(await client.send(request)).toEqual({ ottRequestId: 'an-id', replayed: false })
  await client.send(request)
  expect(api.received[0]).toMatchObject({
    url: '/ott/v1/send',
    body: request,
    headers: { authorization: 'Bearer token-1', 'content-type': 'application/json' },
  })
  expect(new Set(keys()).size).toBe(2)
})

test.each([
  ['order-17', 'order-17'],
  ['order 17', '"order 17"'],
  ['a,"b"\\', String.raw`"a,\"b\"\\"`],
])('the key %j is sent as %j', async (idempotencyKey, header) => {
  api.answer(() => accepted())
  await api.client().send(request, { idempotencyKey })
  expect(keys()).toEqual([header])
})

test.each(['', 'für', 'x'.repeat(256), 'a\nb'])(
  'the key %j is not sent: no such key is taken',
  async (idempotencyKey) => {
    await expect(api.client().send(request, { idempotencyKey })).rejects.toThrow(TypeError)
    expect(api.received).toEqual([])
  },
)

test('that an earlier send was repeated is told', async () => {
  api.answer(() => ({ status: 201, headers: { 'idempotency-replayed': 'true' }, body: { ottRequestId: 'first' } }))
  expect(await api.client().send(request)).toEqual({ ottRequestId: 'first', replayed: true })
})

test.each<[string, Parameters<typeof api.answer>[0]]>([
  ['the connection is cut', () => 'cut'],
  ['the service is unavailable', () => refused(503, 50300, { 'retry-after': '0' })],
  ['there are too many requests', () => refused(429, 50100)],
  ['a proxy finds no server', () => ({ status: 502, body: '<html>Bad gateway</html>' })],
])('when %s, the send is repeated with the same key', async (_when, trouble) => {
  api.answer((call, number) => (number < 3 ? trouble(call, number) : accepted()))
  expect(await api.client().send(request)).toMatchObject({ ottRequestId: 'an-id' })
  expect(keys()).toHaveLength(3)
  expect(new Set(keys()).size).toBe(1)
})

test('a server that asks to wait is not called again before', async () => {
  api.answer((_call, number) => (number === 1 ? refused(429, 50100, { 'retry-after': '1' }) : accepted()))
  const startedAt = performance.now()
  await api.client().send(request)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1000)
})

test('a server that asks to wait longer than is wanted is not called again, and its wish is told', async () => {
  api.answer(() => refused(503, 50300, { 'retry-after': '3600' }))
  const error = { status: 503, errorcode: 50300, retryable: true, retryAfterMs: 3_600_000 }
  await expect(api.client().send(request)).rejects.toMatchObject(error)
  expect(api.received).toHaveLength(1)
})

test('when all repeats are used up, the last error is told', async () => {
  api.answer((_call, number) => (number === 3 ? refused(503, 50300) : 'cut'))
  const failed = api.client({ retries: 2 }).send(request)
  await expect(failed).rejects.toMatchObject({ name: 'OttError', status: 503, retryable: true })
  expect(api.received).toHaveLength(3)
})

test('no answer within the limit is told with the address, and can be tried again', async () => {
  api.answer(() => 'never')
  await expect(api.client({ timeoutMs: 50, retries: 0 }).send(request)).rejects.toMatchObject({
    message: `${api.url()} did not answer within 0.05 s.`,
    status: undefined,
    retryable: true,
  })
})

test('a request that is wrong is sent once, and all that is wrong with it is told', async () => {
  const problem = { message: 'Sender Id must be provided', errorcode: 10002 }
  const body = { message: 'Please fix the following errors', errorcode: 10006, validationErrors: [problem] }
  api.answer(() => ({ status: 400, body }))
  await expect(api.client().send(request)).rejects.toMatchObject({
    message: 'Please fix the following errors: Sender Id must be provided',
    status: 400,
    errorcode: 10006,
    validationErrors: [problem],
    retryable: false,
  })
  expect(api.received).toHaveLength(1)
})

test.each([
  [200, '<html>Hello</html>'],
  [201, {}],
  [404, '<html>Not found</html>'],
])('an answer %d %j, which is not the API’s, says to check the url', async (status, body) => {
  api.answer(() => ({ status, body }))
  await expect(api.client().send(request)).rejects.toThrow(/Check the url\.$/)
})

test('a call ends as soon as its signal does, with the signal’s reason', async () => {
  api.answer(() => refused(503, 50300, { 'retry-after': '20' }))
  const leave = new AbortController()
  const sent = api.client().send(request, { signal: leave.signal })
  await untilTrue(() => api.received.length === 1)
  leave.abort(new Error('the shop has closed'))
  await expect(sent).rejects.toThrow('the shop has closed')
})

test('a request that cannot be JSON is not told as an API that is away', async () => {
  const customKeys = [{ count: 17n }]
  const sent = api.client().send({ ...request, message: { ...request.message, customKeys } })
  await expect(sent).rejects.toThrow(TypeError)
})

test('a call whose signal was aborted before is not made', async () => {
  const signal = AbortSignal.abort(new Error('the shop has closed'))
  await expect(api.client().send(request, { signal })).rejects.toThrow('the shop has closed')
  expect([...api.tokens, ...api.received]).toEqual([])
})

test('a redirect is not followed: it would take the message, or the secret, elsewhere', async () => {
  const headers = { location: `${api.url()}/elsewhere` }
  api.answer(() => ({ status: 307, headers }))
  await expect(api.client().send(request)).rejects.toMatchObject({ status: 307 })
  api.answerTokens(() => ({ status: 308, headers }))
  await expect(api.client().send(request)).rejects.toMatchObject({ status: 308 })
  expect(api.received.map(({ url }) => url)).toEqual(['/ott/v1/send'])
})

test('the API may be below a path', async () => {
  api.answer(() => accepted())
  for (const url of [`${api.url()}/chat`, `${api.url()}/chat/`]) await api.client({ url }).send(request)
  expect(api.received.map(({ url }) => url)).toEqual(['/chat/ott/v1/send', '/chat/ott/v1/send'])
})

test.each(['', 'ott.example.com', 'ftp://ott.example.com', 'https://shop:hunter2@ott.example.com'])(
  'the url %j is refused, and not repeated',
  (url) => {
    const create = () => createClient({ url, clientId, clientSecret })
    expect(create).toThrow('The url must be an http or https URL, without a user or password in it.')
  },
)

test('the secret and the token are in no error and in no client that is printed', async () => {
  const client = api.client({ retries: 0 })
  const failures: unknown[] = []
  for (const trouble of ['cut', refused(403, 20002), { status: 500, body: 'oh' }, refused(401, 0)] as const) {
    api.answer(() => trouble)
    failures.push(await client.send(request).catch((error: unknown) => error))
  }
  api.answerTokens(() => ({ status: 401, body: { error: 'invalid_client' } }))
  failures.push(await client.send(request).catch((error: unknown) => error))
  expect(failures.map(String)).toHaveLength(5)
  const printed = inspect([client, ...failures], { depth: 9, showHidden: true })
  expect(printed).toContain('invalid_client')
  expect(printed).not.toContain(clientSecret)
  expect(printed).not.toContain('token-1')
})
