import { expect, test } from '@jest/globals'

import { type Answer, aClient, useIngress } from '../use-ingress.ts'

const ingress = useIngress()

const right = { grant_type: 'client_credentials', client_id: aClient().id, client_secret: 'the-secret' }
const ask = (changes: Record<string, unknown> = {}) => ingress.post('/v2/token', { ...right, ...changes })
const form = 'application/x-www-form-urlencoded'
const askByForm = (body: string, type = form) =>
  ingress.request('POST', '/v2/token', { headers: { 'content-type': type }, body })

const wrong: [string, () => Promise<Answer>, number, string, string][] = [
  ['no grant_type', () => ask({ grant_type: undefined }), 400, 'invalid_request', 'grant_type must be provided'],
  [
    'another grant_type',
    () => ask({ grant_type: 'password' }),
    400,
    'unsupported_grant_type',
    'grant_type must be client_credentials',
  ],
  ['no client_id', () => ask({ client_id: '' }), 400, 'invalid_request', 'client_id must be provided'],
  ['no client_secret', () => ask({ client_secret: 5 }), 400, 'invalid_request', 'client_secret must be provided'],
  [
    'a client_id without end',
    () => ask({ client_id: 'x'.repeat(257) }),
    400,
    'invalid_request',
    'client_id is longer than 256 characters',
  ],
  [
    'nothing at all',
    () => ingress.post('/v2/token', {}),
    400,
    'invalid_request',
    'grant_type must be provided. client_id must be provided. client_secret must be provided',
  ],
  [
    'a wrong client_id',
    () => ask({ client_id: 'nobody' }),
    401,
    'invalid_client',
    'The client_id or client_secret is wrong',
  ],
  [
    'a wrong client_secret',
    () => ask({ client_secret: 'guess' }),
    401,
    'invalid_client',
    'The client_id or client_secret is wrong',
  ],
  [
    'an unknown scope',
    () => ask({ scope: 'ott_channels_read email_send' }),
    400,
    'invalid_scope',
    `This client may ask for: ${aClient().scopes.join(' ')}`,
  ],
  [
    'a scope that is no text',
    () => ask({ scope: ['ott_channels_read'] }),
    400,
    'invalid_request',
    'scope must be a text of scopes with spaces between them',
  ],
  [
    'another account',
    () => ask({ account_id: 'other' }),
    400,
    'invalid_request',
    'account_id is not the account of this client',
  ],
  ['an account that is no text', () => ask({ account_id: {} }), 400, 'invalid_request', 'account_id must be a text'],
  [
    'a body that is not JSON',
    () => ingress.post('/v2/token', '{'),
    400,
    'invalid_request',
    'The request body is not valid JSON',
  ],
  [
    'a body that is no object',
    () => ingress.post('/v2/token', '[]'),
    400,
    'invalid_request',
    'The request body must be an object',
  ],
  ['no body', () => ingress.request('POST', '/v2/token'), 400, 'invalid_request', 'The request body is empty'],
  [
    'a name twice in a form',
    () => askByForm(`${new URLSearchParams(right).toString()}&client_secret=x`),
    400,
    'invalid_request',
    'client_secret must be provided',
  ],
  [
    'a body of another kind',
    () => askByForm('x', 'text/plain'),
    415,
    'invalid_request',
    'The Content-Type must be application/json',
  ],
  [
    'a body too large',
    () => ask({ extra: 'x'.repeat(8192) }),
    413,
    'invalid_request',
    'The request body is larger than 8192 bytes',
  ],
  ['another method', () => ingress.request('GET', '/v2/token'), 405, 'invalid_request', 'This path takes only POST'],
]

test.each(wrong)('%s is answered in the form of OAuth', async (_what, call, status, error, error_description) => {
  const answer = await call()
  expect(answer.status).toBe(status)
  expect(answer.json).toEqual({ error, error_description })
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

test('a client without a scope cannot ask for it', async () => {
  ingress.clients.set(aClient().id, aClient({ scopes: ['ott_channels_read'] }))
  expect((await ask({ scope: 'ott_channels_write' })).json).toEqual({
    error: 'invalid_scope',
    error_description: 'This client may ask for: ott_channels_read',
  })
})

const away = useIngress({ verifyClient: () => Promise.reject(new Error('Connection is closed.')) })

test('with Redis away there is no token, and when to come back is told', async () => {
  const answer = await away.post('/v2/token', right)
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(answer.json).toMatchObject({ error: 'temporarily_unavailable' })
})
