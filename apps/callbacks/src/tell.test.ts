import { createHmac } from 'node:crypto'

import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { type Http, openCallbackHttp } from '@ott/networks'
import type { CallbackJob } from '@ott/queue'
import type { Callback, CallbackRegistry } from '@ott/registry'
import { createLogger } from '@ott/runtime'
import { Webhook } from 'standardwebhooks'

import { makeTell, type TellOptions } from './tell.ts'
import { useReceiver } from './use-receiver.ts'
import { useRegistry } from './use-registry.ts'

const receiver = useReceiver()
const lines: string[] = []
const logger = createLogger('test', 'info', { write: (line) => void lines.push(line) })
const event: CallbackJob = { id: 'delivery-sent-1', at: 1, type: 'message.sent', body: '{"type":"message.sent"}' }

const stored = useRegistry(logger)
let registry: CallbackRegistry
let http: Http

beforeAll(() => {
  registry = stored.registry()
  http = openCallbackHttp({ timeoutMs: 5000, callbackHosts: [receiver.host()] })
  stored.server.onStop(() => http.close())
})

beforeEach(async () => {
  await registry.remove('shop')
  lines.length = 0
})

/** Registers the receiver, or another URL, and tells it one event. */
async function register(url = `${receiver.state.url}/hook?token=hush`) {
  const { callback, secret = '' } = await registry.put('shop', {
    url,
    types: ['message.sent'],
    includeRequestBody: false,
  })
  return { callback, secret }
}

function tell(callback: Callback, changes: Partial<TellOptions> = {}) {
  const metrics = { posted: () => undefined }
  const options = { registry, exchange: http.exchange, timeoutMs: 1000, disableAfterMs: 3_600_000, metrics, logger }
  return makeTell(callback, { ...options, ...changes })(event, { attempt: 1, final: false })
}

test('an event is POSTed as it is, signed as Standard Webhooks says, for its library and by hand', async () => {
  const { callback, secret } = await register()
  expect(await tell(callback)).toEqual({ outcome: 'arrived', message: 'answered 204' })
  const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = receiver.received
  expect(path).toBe('/hook?token=hush')
  expect(headers['content-type']).toBe('application/json')
  expect(headers['webhook-id']).toBe(event.id)
  expect(body).toBe(event.body)
  const [id, timestamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])]
  const signature = String(headers['webhook-signature'])
  const given = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
  expect(new Webhook(secret).verify(body, given)).toEqual({ type: 'message.sent' })
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  expect(signature).toBe(`v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
  expect(() => new Webhook(secret).verify(`${body} `, given)).toThrow('No matching signature')
})

test('during a rotation whoever has the new secret or the old one can verify', async () => {
  const { callback, secret } = await register()
  const rotated = await registry.rotateSecret('shop')
  await tell(callback)
  const { headers, body } = receiver.received[0] ?? { headers: {}, body: '' }
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
  expect(given['webhook-signature']?.split(' ')).toHaveLength(2)
  for (const one of [secret, rotated?.secret ?? '']) expect(new Webhook(one).verify(body, given)).toBeTruthy()
})

test.each([301, 307, 400, 404, 429, 500, 503])('%d has not arrived, and no redirect is followed', async (status) => {
  const { callback } = await register()
  receiver.state.answer = { status, headers: { location: `${receiver.state.url}/elsewhere`, 'retry-after': '7' } }
  const told = await tell(callback)
  expect(told).toEqual({ outcome: 'failed', message: `answered ${status}`, retryAfterMs: 7000 })
  expect(receiver.received).toHaveLength(1)
  expect((await registry.find('shop'))?.disabled).toBeUndefined()
})

test('an endpoint that does not answer in time is not waited for', async () => {
  const { callback } = await register()
  receiver.state.answer = undefined
  expect(await tell(callback, { timeoutMs: 100 })).toEqual({ outcome: 'failed', message: 'no answer within 100 ms' })
})

test.each([
  ['a private address', () => 'https://127.0.0.1/'],
  ['a name of a private address', () => 'https://localhost/'],
  ['plain http', () => 'http://shop.example/'],
  ['a listed host on another port', () => `http://127.0.0.1:1/`],
])('what may not be called is not called, though it was registered: %s', async (_what, url) => {
  const { callback } = await register(url())
  const told = await tell(callback, { timeoutMs: 4000 })
  expect(told).toMatchObject({ outcome: 'failed', message: expect.stringMatching(/may not be called|ENOTPUBLIC/) })
})

test('410 disables a callback at once, and it is told nothing more', async () => {
  const { callback } = await register()
  receiver.state.answer = { status: 410 }
  await tell(callback)
  expect((await registry.find('shop'))?.disabled).toMatchObject({ reason: 'gone' })
  expect(await tell(callback)).toMatchObject({ outcome: 'failed' })
  expect(receiver.received).toHaveLength(1)
  expect(lines.some((line) => line.includes('"callback.disabled"') && line.includes('ott callback enable'))).toBe(true)
})

test('a callback to which nothing arrives for days is disabled, and not when anything has arrived meanwhile', async () => {
  const { callback } = await register()
  receiver.state.answer = { status: 500 }
  await tell(callback)
  expect(await registry.find('shop')).toMatchObject({ failing: { message: 'answered 500' } })
  receiver.state.answer = { status: 200 }
  await tell(callback)
  expect((await registry.find('shop'))?.failing).toBeUndefined()
  receiver.state.answer = { status: 500 }
  await tell(callback)
  expect((await registry.find('shop'))?.disabled).toBeUndefined()
  await tell(callback, { disableAfterMs: 0 })
  expect((await registry.find('shop'))?.disabled).toMatchObject({ reason: 'failing' })
})

test('each attempt is one line of the log, without body, query or secret', async () => {
  const { callback, secret } = await register()
  await tell(callback)
  receiver.state.answer = { status: 500 }
  await tell(callback)
  const told = lines.map((line): unknown => JSON.parse(line))
  const common = { eventId: event.id, type: event.type, account: 'shop', host: receiver.host(), attempt: 1 }
  expect(told).toMatchObject([
    { ...common, msg: 'callback.delivered', status: 204 },
    { ...common, msg: 'callback.failed', status: 500, reason: 'answered 500', final: false },
  ])
  for (const hidden of ['hush', secret, 'message.sent"}']) expect(lines.join('')).not.toContain(hidden)
})
