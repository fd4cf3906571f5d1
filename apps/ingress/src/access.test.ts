import { describe, expect, test } from '@jest/globals'
import { Scope } from '@ott/registry'

import { exchange } from './raw-exchange.ts'
import { toLine } from './send/requests.ts'
import { accessTokens, aClient, problemsOf, useIngress } from './use-ingress.ts'

const ingress = useIngress()

const routes: [method: string, path: string, scope: Scope][] = [
  ['POST', '/ott/v1/send', 'ott_chat_messaging_send'],
  ['GET', '/ott/v1/send/order-4711', 'ott_chat_messaging_read'],
  ['HEAD', '/ott/v1/send/order-4711', 'ott_chat_messaging_read'],
  ['POST', '/ott/v1/registration', 'ott_channels_write'],
  ['GET', '/ott/v1/registration/line', 'ott_channels_read'],
  ['GET', '/ott/v1/registration/line/1656000000', 'ott_channels_read'],
  ['DELETE', '/ott/v1/registration/line/1656000000', 'ott_channels_write'],
  ['POST', '/ott/v1/redrive', 'ott_chat_messaging_redrive'],
]

const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

describe.each(routes)('%s %s', (method, path, scope) => {
  test('is not for callers without an access token', async () => {
    const answer = await ingress.request(method, path, { headers: { authorization: '' } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="ott"/)
    if (method !== 'HEAD') expect(problemsOf(answer)[0]).toMatch(/^0 /)
  })

  test(`is for callers with the scope ${scope}`, async () => {
    const answer = await ingress.request(method, path, bearing(await accessTokens.issue(aClient(), [scope])))
    expect([200, 400, 404, 204]).toContain(answer.status)
  })

  test('is not for callers with all other scopes', async () => {
    const others = Scope.options.filter((other) => other !== scope)
    const answer = await ingress.request(method, path, bearing(await accessTokens.issue(aClient(), others)))
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer realm="ott", error="insufficient_scope", scope="${scope}"`,
    )
    if (method !== 'HEAD')
      expect(problemsOf(answer)).toEqual([`20002 The access token does not grant the scope ${scope}`])
    expect(ingress.senders.size).toBe(2)
  })

  test('is not for callers whose client has lost the scope since', async () => {
    const token = await accessTokens.issue(aClient(), Scope.options)
    ingress.clients.set(aClient().id, aClient({ scopes: Scope.options.filter((other) => other !== scope) }))
    expect((await ingress.request(method, path, bearing(token))).status).toBe(403)
  })
})

const invalid = '0 The access token is invalid or has expired'

test.each([
  'Basic abc',
  'Bearer',
  'Bearer  ',
  'Bearer a b',
  'Bearer a.b.c',
  'abc',
  `Bearer ${'x'.repeat(9000)}`,
  'Bearer ✓',
])('the authorization %s is refused', async (authorization) => {
  const bytes = Buffer.from(authorization).toString('latin1')
  const answer = await ingress.request('GET', '/ott/v1/send/order-4711', { headers: { authorization: bytes } })
  expect(answer.status).toBe(401)
  expect(problemsOf(answer)).toEqual([invalid])
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="ott", error="invalid_token"/)
})

test('without any authorization the answer asks for a token', async () => {
  const answer = await fetch(`${ingress.url()}/ott/v1/send/order-4711`)
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="ott"')
  expect(await answer.json()).toMatchObject({ message: 'An access token must be provided', errorcode: 0 })
})

test.each([
  [
    'had its secret rotated after the token was issued',
    () => ingress.clients.set(aClient().id, aClient({ tokensFrom: Date.now() + 2000 })),
  ],
  ['is disabled', () => ingress.clients.set(aClient().id, aClient({ enabled: false }))],
  ['is removed', () => ingress.clients.delete(aClient().id)],
  ['has moved to another account', () => ingress.clients.set(aClient().id, aClient({ account: 'other' }))],
])('a token is refused once its client %s', async (_what, change) => {
  const sent = () => ingress.post('/ott/v1/send', toLine())
  expect((await sent()).status).toBe(201)
  change()
  expect(problemsOf(await sent())).toEqual([invalid])
  expect(ingress.queued).toHaveLength(1)
})

test('of the requests on one connection each is let through on its own token alone', async () => {
  const reading = await accessTokens.issue(aClient(), ['ott_channels_read'])
  const sending = await accessTokens.issue(aClient(), ['ott_chat_messaging_send'])
  const requests = [reading, `${reading}x`, sending, reading, reading].map(
    (token, index) =>
      `GET /ott/v1/registration/line HTTP/1.1\r\nHost: ott\r\nAuthorization: Bearer ${token}\r\n` +
      `Connection: ${index === 4 ? 'close' : 'keep-alive'}\r\n\r\n`,
  )
  const received = await exchange(ingress.url(), requests.join(''))
  expect([...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status)).toEqual([
    '200',
    '401',
    '403',
    '200',
    '200',
  ])
})

test('the word Bearer may be written in any case', async () => {
  const token = await accessTokens.issue(aClient(), Scope.options)
  const headers = { authorization: `bearer ${token}` }
  expect((await ingress.request('GET', '/ott/v1/registration/line', { headers })).status).toBe(200)
})

test('a body is not read before its sender is known', async () => {
  const headers = { authorization: 'Bearer x', 'content-type': 'application/json' }
  expect((await ingress.request('POST', '/ott/v1/send', { headers, body: '{' })).status).toBe(401)
})
