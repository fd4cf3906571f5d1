import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { createServer, type Server } from 'node:https'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Scope } from '@ott/registry'

import { toLine } from './send/requests.ts'
import { makeCertificate } from './test-certificate.ts'
import { aClient, useIngress } from './use-ingress.ts'

const ingress = useIngress({
  trustedProxies: 1,
  enqueue: async (delivery) => {
    ingress.histories.set(delivery.id, { delivery, events: [{ event: 'created', at: 0 }], attempts: [] })
  },
})

/** The original API's. The library takes no others. */
const ourScopes: ReadonlySet<string> = new Set(['ott_chat_messaging_redrive', 'ott_callbacks'])
const theirScopes = Scope.options.filter((scope) => !ourScopes.has(scope))

const host = 'mc1234567890abcdefghijklmnop.auth.marketingcloudapis.com'
const { key, cert } = makeCertificate(host)
let proxy: Server

/** A proxy that ends TLS, as one stands before an ingress on the internet. */
beforeAll(async () => {
  proxy = createServer({ key, cert }, (incoming, outgoing) => {
    const headers = { ...incoming.headers, 'x-forwarded-proto': 'https' }
    const onward = request(ingress.url() + incoming.url, { method: incoming.method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      void pipeline(answer, outgoing)
    })
    void pipeline(incoming, onward)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => void proxy.close())

test('a client library of the original API works with the ingress as it is', async () => {
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const { id, account } = aClient()
  const credentials = {
    client_id: id,
    client_secret: 'the-secret',
    account_id: account,
    auth_url: `https://${host}/`,
    scope: theirScopes,
  }
  const given = JSON.stringify({ port: address.port, cert, credentials, message: toLine() })
  const program = fileURLToPath(new URL('./sfmc-client.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program, given], { env: {}, timeout: 15_000 })

  const [ottRequestId] = ingress.histories.keys()
  expect(JSON.parse(stdout)).toMatchObject({
    ottRequestId,
    session: {
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 1079,
      scope: theirScopes.join(' '),
      rest_instance_url: `https://${host}/`,
    },
    status: { requestBody: { ottRequestId, messageKey: 'order-4711' }, status: [{ event: 'Created' }] },
    list: { count: 1, items: [{ ottPlatformName: 'line' }] },
    refused: 'Please fix the following errors',
    unknown: 'The client_id or client_secret is wrong',
  })
})
