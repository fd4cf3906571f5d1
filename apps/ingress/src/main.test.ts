import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Program, startProgram } from '@ott/local'
import { useRedis } from '@ott/local/testing'

import { toLine } from './send/requests.ts'

const redis = useRedis()
let ingress: Program

beforeAll(async () => {
  ingress = await startProgram({
    name: 'ingress',
    file: 'apps/ingress/dist/main.js',
    env: { REDIS_URL: redis.url },
    ports: ['PORT', 'HEALTH_PORT'],
  })
  await ingress.untilReady()
})
afterAll(() => ingress.stop())

const call = (method: string, path: string, body?: unknown) =>
  fetch(ingress.url + path, {
    method,
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: body === undefined ? null : JSON.stringify(body),
  })

test('a sender is registered, sends, and its request is found, without a word of it in the log', async () => {
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

  for (const line of ['request.refused', 'sender.registered', 'delivery.queued'])
    await ingress.untilLine(new RegExp(line))
  expect(ingress.lines.join('\n')).not.toMatch(/the-secret|the-content|the-recipient/)
})

test('health is answered on a port of its own, and nothing else there', async () => {
  expect((await fetch(`${ingress.healthUrl}/health/ready`)).status).toBe(200)
  expect((await fetch(`${ingress.healthUrl}/ott/v1/send/order-4711`)).status).toBe(404)
})

test('it stops when asked to, without an error', async () => {
  await ingress.stop()
  expect(await ingress.ended).toBe('exit code 0')
})
