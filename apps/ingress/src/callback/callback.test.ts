import { expect, test } from '@jest/globals'
import { z } from 'zod'

import { problemsOf } from '../use-ingress.ts'
import { createClient, useStoredIngress } from '../use-stored-ingress.ts'

const stored = useStoredIngress({ settings: { CALLBACK_HOSTS: '127.0.0.1:8090' } })

const path = '/ott/v1/callback'
const url = 'https://shop.example/hook?from=ott'
const Secret = z.object({ secret: z.string().regex(/^whsec_/) })

test('an account registers its callback, is told the secret once, and reads, changes and removes it', async () => {
  const shop = await stored.become('registers')
  expect((await shop.request('GET', path)).status).toBe(404)
  const made = await shop.request('PUT', path, { url })
  expect(made.status).toBe(201)
  const { secret } = Secret.parse(made.json)
  const all = ['message.sent', 'message.failed', 'message.expired', 'message.parked']
  const shown = { url, events: all, includeRequestBody: false, enabled: true, createdDateTime: expect.any(String) }
  expect(made.json).toEqual({ ...shown, secret })
  expect((await shop.request('GET', path)).json).toEqual(shown)

  const changes = {
    Url: 'http://127.0.0.1:8090/',
    EVENTS: ['MESSAGE.FAILED', 'message.failed'],
    includeRequestBody: '1',
  }
  const changed = await shop.request('PUT', path, changes)
  expect(changed.status).toBe(200)
  const others = { url: 'http://127.0.0.1:8090/', events: ['message.failed'], includeRequestBody: true }
  expect(changed.json).toEqual({ ...shown, ...others })
  expect((await shop.request('GET', path)).text).not.toContain('whsec_')

  expect((await shop.request('DELETE', path)).status).toBe(204)
  expect((await shop.request('DELETE', path)).status).toBe(404)
})

test('a rotation tells another secret, and an account without a callback has none to rotate', async () => {
  const shop = await stored.become('rotates')
  expect((await shop.request('POST', `${path}/rotate`)).status).toBe(404)
  const { secret } = Secret.parse((await shop.request('PUT', path, { url })).json)
  const rotated = await shop.request('POST', `${path}/rotate`)
  expect(rotated.status).toBe(200)
  expect(Secret.parse(rotated.json).secret).not.toBe(secret)
})

test('an account sees and changes its own callback alone', async () => {
  const [shop, rival] = [await stored.become('sees'), await stored.become('rival')]
  await shop.request('PUT', path, { url })
  expect((await rival.request('GET', path)).status).toBe(404)
  expect((await rival.request('DELETE', path)).status).toBe(404)
  expect((await shop.request('GET', path)).status).toBe(200)
})

test('what cannot be a callback is refused, with every problem', async () => {
  const shop = await stored.become('refused')
  const cases: [object, string][] = [
    [{}, '10002 Url must be provided'],
    [{ url: 'http://shop.example/hook' }, '10005 Url is invalid: it must be an https URL'],
    [{ url: 'http://127.0.0.1:8091/' }, '10005 Url is invalid: it must be an https URL'],
    [{ url: 'https://169.254.169.254/' }, '10005 Url is invalid: it must not be at a private address'],
    [{ url: 'https://[::1]/' }, '10005 Url is invalid: it must not be at a private address'],
    [{ url: 'https://user:pass@shop.example/' }, '10005 Url is invalid: it must be without user and password'],
    [{ url: `${url}#part` }, '10005 Url is invalid: it must be without a fragment'],
    [{ url: `https://shop.example/${'x'.repeat(2000)}` }, '10005 Url is longer than 2000 characters'],
    [{ url, events: [] }, '10002 Events must not be empty'],
    [
      { url, events: ['message.read'] },
      '10005 Events has a value other than message.sent, message.failed, message.expired, message.parked',
    ],
    [{ url, events: 'message.sent' }, '10001 Events must be a list'],
    [{ url, includeRequestBody: 'maybe' }, '10001 IncludeRequestBody must be true or false'],
  ]
  for (const [body, problem] of cases) {
    const answer = await shop.request('PUT', path, body)
    expect({ body, status: answer.status, problems: problemsOf(answer) }).toEqual({
      body,
      status: 400,
      problems: [problem],
    })
  }
  expect((await shop.request('GET', path)).status).toBe(404)
})

test('a client without the scope may not so much as read it', async () => {
  const { client, secret } = await createClient(stored.redis.url, { scopes: ['ott_chat_messaging_send'] })
  const asked = { grant_type: 'client_credentials', client_id: client.id, client_secret: secret }
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${stored.url()}/v2/token`, { method: 'POST', headers, body: JSON.stringify(asked) })
  const { access_token: token } = z.object({ access_token: z.string() }).parse(await answer.json())
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const refused = await fetch(stored.url() + path, { method, headers: { authorization: `Bearer ${token}` } })
    expect(refused.status).toBe(403)
  }
})
