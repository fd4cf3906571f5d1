import { beforeEach, expect, test } from '@jest/globals'
import { createLogger } from '@ott/runtime'

import { toLine } from '../send/requests.ts'
import { type Answer, aClient, problemsOf, useIngress } from '../use-ingress.ts'

const lines: string[] = []
beforeEach(() => void (lines.length = 0))
const logger = createLogger('ingress-test', 'info', { write: (line) => void lines.push(line) })
const ingress = useIngress({ logger })

const right = { grant_type: 'client_credentials', client_id: aClient().id, client_secret: 'the-secret' }
const ask = (changes: Record<string, unknown> = {}) => ingress.post('/v2/token', { ...right, ...changes })
const form = 'application/x-www-form-urlencoded'
const askByForm = (body: string, type = form) =>
  ingress.request('POST', '/v2/token', { headers: { 'content-type': type }, body })

const tokenOf = ({ json }: Answer): string => String(Reflect.get(Object(json), 'access_token'))

test('a client gets a token that opens what its scopes say', async () => {
  const answer = await ask()
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.json).toEqual({
    access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    token_type: 'Bearer',
    expires_in: 1079,
    scope: aClient().scopes.join(' '),
    rest_instance_url: `${ingress.url()}/`,
    soap_instance_url: `${ingress.url()}/`,
  })
  const headers = { authorization: `Bearer ${tokenOf(answer)}`, 'content-type': 'application/json' }
  const sent = await ingress.request('POST', '/ott/v1/send', { headers, body: JSON.stringify(toLine()) })
  expect(sent.status).toBe(201)
  expect(ingress.queued[0]?.account).toBe(aClient().account)
})

test.each([form, `${form}; charset=utf-8`])('a client may ask by a form of %s', async (type) => {
  const answer = await askByForm(new URLSearchParams({ ...right, scope: 'ott_channels_read' }).toString(), type)
  expect(answer.json).toMatchObject({ token_type: 'Bearer', scope: 'ott_channels_read' })
})

test('a token may be asked for some of the scopes, and opens no more', async () => {
  const answer = await ask({ scope: 'ott_channels_read  ott_channels_read' })
  expect(answer.json).toMatchObject({ scope: 'ott_channels_read' })
  const headers = { authorization: `Bearer ${tokenOf(answer)}` }
  expect((await ingress.request('GET', '/ott/v1/registration/line', { headers })).status).toBe(200)
  expect((await ingress.request('GET', '/ott/v1/send/order-4711', { headers })).status).toBe(403)
})

test.each(['', null, undefined])('the scope %j asks for all there are', async (scope) => {
  expect((await ask({ scope })).json).toMatchObject({ scope: aClient().scopes.join(' ') })
})

test.each(['7000001', 7_000_001])('the client’s own account may be named: %j', async (account_id) => {
  expect((await ask({ account_id })).status).toBe(200)
})

test('neither a secret nor a token is logged, whatever becomes of the request', async () => {
  const answer = await ask()
  await ask({ client_secret: 'a-guess' })
  await ask({ client_id: 'a-secret-in-the-wrong-place' })
  await ask({ scope: 'a-secret-scope' })
  const log = lines.join('')
  expect(log).toMatch(/token\.issued[^]*request\.refused/)
  for (const unsaid of ['the-secret', 'a-guess', 'a-secret', tokenOf(answer)]) expect(log).not.toContain(unsaid)
})

test('paths below the token’s are none of its own', async () => {
  expect(problemsOf(await ingress.post('/v2/token/more', right))).toEqual(['30003 There is nothing at this path'])
})
