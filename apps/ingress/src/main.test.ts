import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Program, startProgram } from '@ott/local'
import { useRedis } from '@ott/local/testing'
import { z } from 'zod'

import { toLine } from './send/requests.ts'
import { createClient } from './use-stored-ingress.ts'

const redis = useRedis()
let ingress: Program
let token = ''
let clientSecret = ''
const [tokenKey, credentialsKey] = ['t', 'c'].map((letter) => Buffer.alloc(32, letter).toString('base64'))

beforeAll(async () => {
  ingress = await startProgram({
    name: 'ingress',
    file: 'apps/ingress/dist/main.js',
    env: { REDIS_URL: redis.url, TOKEN_KEY: tokenKey, CREDENTIALS_KEY: credentialsKey },
    ports: ['PORT', 'HEALTH_PORT'],
  })
  await ingress.untilReady()
  const { client, secret } = await createClient(redis.url)
  clientSecret = secret
  const asked = { grant_type: 'client_credentials', client_id: client.id, client_secret: secret }
  const answer = await call('POST', '/v2/token', asked)
  token = z.object({ access_token: z.string() }).parse(await answer.json()).access_token
})
afterAll(() => ingress.stop())

const call = (method: string, path: string, body?: unknown) =>
  fetch(ingress.url + path, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, connection: 'close' },
    body: body === undefined ? null : JSON.stringify(body),
  })

test('a client gets a token, registers a sender, sends, and finds its request, without a word of it in the log', async () => {
  const ottPlatformAttributes = {
    endpointUrl: 'https://api.line.me',
    isActive: 1,
    channelId: '1656000000',
    channelName: 'Shop',
    channelSecret: 'the-secret',
    isTransactional: 0,
    isTestChannel: 1,
  }
  expect((await call('POST', '/ott/v1/send', toLine())).status).toBe(400)
  expect((await call('POST', '/ott/v1/registration', { ottPlatformName: 'line', ottPlatformAttributes })).status).toBe(
    201,
  )

  const message = { contents: [{ type: 'text', text: 'the-content' }] }
  const sent = await call('POST', '/ott/v1/send', toLine({ to: { ottId: 'the-recipient' }, message }))
  expect(sent.status).toBe(201)
  for (const path of [sent.headers.get('location'), '/ott/v1/send/order-4711'])
    expect(await (await call('GET', String(path))).json()).toMatchObject({
      requestBody: { messageKey: 'order-4711', message },
      status: [{ event: 'Created' }, { event: 'Queued' }],
    })

  for (const line of ['token.issued', 'request.refused', 'sender.registered', 'delivery.queued'])
    await ingress.untilLine(new RegExp(line))
  const log = ingress.lines.join('\n')
  for (const unsaid of ['the-secret', 'the-content', 'the-recipient', 'order-4711', token, clientSecret])
    expect(log).not.toContain(unsaid)
})

test('health is answered on a port of its own, and nothing else there', async () => {
  expect((await fetch(`${ingress.healthUrl}/health/ready`)).status).toBe(200)
  expect((await fetch(`${ingress.healthUrl}/ott/v1/send/order-4711`)).status).toBe(404)
})

test('metrics tell what was queued, of each network and lane, from 0 on', async () => {
  const metrics = await (await fetch(`${ingress.healthUrl}/metrics`)).text()
  const queued = (network: string, lane: string) =>
    new RegExp(
      `^ott_queued_deliveries_total\\{network="${network}",lane="${lane}",program="ingress"\\} (\\d+)$`,
      'm',
    ).exec(metrics)?.[1]
  expect([queued('line', 'usual'), queued('line', 'slow'), queued('messenger', 'reply')]).toEqual(['1', '0', '0'])
})

test('it stops when asked to, without an error', async () => {
  await ingress.stop()
  expect(await ingress.ended).toBe('exit code 0')
})
