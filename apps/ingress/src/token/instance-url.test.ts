import { expect, test } from '@jest/globals'

import { exchange } from '../raw-exchange.ts'
import { aClient, useIngress } from '../use-ingress.ts'

const ingress = useIngress()
const right = { grant_type: 'client_credentials', client_id: aClient().id, client_secret: 'the-secret' }
const publicly = useIngress({ publicUrl: 'https://ott.example.com/base/' })
const proxied = useIngress({ trustedProxies: 1 })
const forwarded = {
  'content-type': 'application/json',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'ott.example.com',
}
const body = JSON.stringify(right)

test('clients are told the public URL where there is one', async () => {
  expect((await publicly.post('/v2/token', right)).json).toMatchObject({
    rest_instance_url: 'https://ott.example.com/base/',
  })
})

test('clients are told where their own request came to, as a trusted proxy has it', async () => {
  expect((await proxied.request('POST', '/v2/token', { headers: forwarded, body })).json).toMatchObject({
    rest_instance_url: 'https://ott.example.com/',
  })
})

test('nobody else is believed where a request came to', async () => {
  expect((await ingress.request('POST', '/v2/token', { headers: forwarded, body })).json).toMatchObject({
    rest_instance_url: `${ingress.url()}/`,
  })
})

test.each(['evil.example/path', 'user@evil.example', 'a b', ''])(
  'a request to the host %j gets no token',
  async (host) => {
    const headers = { ...forwarded, 'x-forwarded-host': host === '' ? '?' : host }
    const answer = await proxied.request('POST', '/v2/token', { headers, body })
    expect(answer.json).toEqual({ error: 'invalid_request', error_description: 'The Host header is not a host' })
  },
)

test('a request to no host at all gets no token', async () => {
  const head = `POST /v2/token HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  expect(await exchange(ingress.url(), head + body)).toMatch(/^HTTP\/1.1 400 [^]*The Host header is not a host/)
})
