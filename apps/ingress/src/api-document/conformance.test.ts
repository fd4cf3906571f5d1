import { beforeAll, expect, test } from '@jest/globals'
import { accepted, type History } from '@ott/delivery'
import { createHealth } from '@ott/runtime'
import { Scope } from '@ott/registry'
import { toCallbackEvent } from '@ott/wire'

import { inMemoryCallbacks } from '../callback/in-memory-callbacks.ts'
import { aRegistration } from '../registration/requests.ts'
import { toLine } from '../send/requests.ts'
import { at } from '../send/use-histories.ts'
import { accessTokens, aClient, useIngress } from '../use-ingress.ts'
import type { DocumentedOperation } from './documented-operations.ts'
import { createConformance } from './use-conformance.ts'

// Every call here is held against the document that the ingress itself tells: path, body, status, and the answer to the letter.

const small = { bodyLimit: 5000, batchBodyLimit: 5000 }
const ingress = useIngress({ ...small, callbacks: inMemoryCallbacks() })
const allowance = { quota: 1, remaining: 0, windowSeconds: 1, resetSeconds: 1, exceeded: true }
const busy = useIngress({
  countRequest: () => allowance,
  guessLimit: { begin: async () => 60, forgive: async () => undefined },
})
const failing = (message: string) => async () => Promise.reject(new Error(message))
const away = useIngress({
  findClient: failing('Connection is closed.'),
  verifyClient: failing('Connection is closed.'),
  health: createHealth({ redis: failing('away') }),
})
const faulty = useIngress({ findClient: failing('a bug'), verifyClient: failing('a bug') })

let conformance: ReturnType<typeof createConformance>
let authorized: Record<string, string>

beforeAll(async () => {
  conformance = createConformance(await (await fetch(`${ingress.url()}/openapi.json`)).json())
  authorized = { authorization: `Bearer ${await accessTokens.issue(aClient(), Scope.options)}` }
})

const json = { 'content-type': 'application/json' }
const call = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  url = ingress.url(),
) =>
  conformance.call(url, method, path, {
    headers: { ...authorized, ...(body === undefined ? {} : json), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

/** An operation's path as a client fills it in. */
const filled = ({ path }: DocumentedOperation) =>
  path
    .replace('{messageId}', 'order-4711')
    .replace('{platform}', 'line')
    .replace('{ottPropertyId}', '1656000000')
    .replace('{question}', 'ready')
    .replace('{file}', 'swagger-ui.css')

/** The examples of an operation's body, as JSON and otherwise. */
const examplesOf = ({ requestBody }: DocumentedOperation) =>
  Object.entries(requestBody?.content ?? {}).flatMap(([type, { examples }]) =>
    Object.values(examples).map(({ value }) => ({ type, value })),
  )

async function eachOperation(act: (operation: DocumentedOperation, example: unknown) => Promise<unknown>) {
  for (const operation of conformance.operations) await act(operation, examplesOf(operation)[0]?.value)
}

async function refuseAll() {
  await eachOperation(async (operation, example) => {
    const { method, guarded } = operation
    const path = filled(operation)
    if (guarded || path === '/v2/token') {
      for (const each of [busy, away, faulty]) await call(method, path, example, {}, each.url())
      await call(method, path, example, { authorization: 'Bearer wrong' })
    }
    if (guarded) {
      const authorization = `Bearer ${await accessTokens.issue(aClient(), [])}`
      await call(method, path, example, { authorization })
    }
    if (example === undefined) return
    await call(method, path, '')
    await call(method, path, '{')
    await call(method, path, 'a,b', { 'content-type': 'text/csv' })
    await call(method, path, JSON.stringify({ many: 'x'.repeat(20_000) }))
  })
}

async function succeed() {
  const flags = { isActive: true, isTransactional: true, isTestChannel: false }
  const registered = aRegistration({ channelId: '1656000001', ...flags })
  expect((await call('POST', '/ott/v1/registration', registered)).status).toBe(201)
  expect((await call('GET', '/ott/v1/registration/line?$page=1&$pagesize=1')).status).toBe(200)
  expect((await call('GET', '/ott/v1/registration/messenger/100200300')).status).toBe(200)
  expect((await call('DELETE', '/ott/v1/registration/line/1656000001')).status).toBe(204)
  expect((await call('POST', '/ott/v1/send', toLine(), { 'idempotency-key': 'k' })).status).toBe(201)
  expect((await call('POST', '/ott/v1/send', toLine(), { 'idempotency-key': 'k' })).status).toBe(201)
  expect((await call('POST', '/ott/v1/send', toLine({ subject: 'x' }), { 'idempotency-key': 'k' })).status).toBe(422)
  const batch = [toLine({ idempotencyKey: 'k' }), toLine({ validityPeriod: '' }), toLine({ idempotencyKey: '' })]
  const answer = await call('POST', '/ott/v1/send/batch', JSON.stringify(batch), { 'content-type': 'application/JSON' })
  expect(answer.json).toMatchObject({ items: [{ idempotencyReplayed: true }, { status: 400 }, { status: 400 }] })
  expect((await call('POST', '/ott/v1/redrive', { dryRun: false })).status).toBe(200)
  const client = { grant_type: 'client_credentials', client_id: aClient().id, client_secret: 'the-secret' }
  expect((await call('POST', '/v2/token', client)).status).toBe(200)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  expect(
    (await call('POST', '/v2/token', new URLSearchParams({ ...client, client_secret: 'no' }).toString(), form)).status,
  ).toBe(401)
}

async function registerCallback() {
  const callback = { url: 'https://shop.example/ott', events: ['message.sent'], includeRequestBody: true }
  for (const status of [201, 200]) expect((await call('PUT', '/ott/v1/callback', callback)).status).toBe(status)
  expect((await call('GET', '/ott/v1/callback')).json).toMatchObject({ enabled: false, failing: {} })
  expect((await call('POST', '/ott/v1/callback/rotate')).status).toBe(200)
  expect((await call('DELETE', '/ott/v1/callback')).status).toBe(204)
}

/** As browsers ask again; what `fetch` adds of itself would ask for the whole. */
const revalidating = { 'cache-control': 'max-age=0' }

async function missNothing() {
  for (const path of [
    '/ott/v1/send/none',
    '/ott/v1/registration/pigeon',
    '/ott/v1/registration/line/none',
    '/docs/none',
    '/ott/v1/callback',
  ])
    expect((await call('GET', path)).status).toBe(404)
  for (const path of ['/ott/v1/registration/line/none', '/ott/v1/callback'])
    expect((await call('DELETE', path)).status).toBe(404)
  expect((await call('POST', '/ott/v1/callback/rotate')).status).toBe(404)
  for (const path of [
    '/ott/v1/send/%E0%A4%A',
    '/ott/v1/registration/line/%E0%A4%A',
    '/ott/v1/registration/line?$page=0',
  ])
    expect((await call('GET', path)).status).toBe(400)
  expect((await call('DELETE', '/ott/v1/registration/line/%E0%A4%A')).status).toBe(400)
  for (const question of ['live', 'ready']) expect((await call('GET', `/health/${question}`)).status).toBe(200)
  expect((await call('GET', '/health/ready', undefined, {}, away.url())).status).toBe(503)
  expect((await call('GET', '/health/none')).status).toBe(404)
  for (const path of ['/openapi.json', '/docs', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js']) {
    const { status, etag } = await call('GET', path)
    expect(status).toBe(200)
    expect((await call('GET', path, undefined, { ...revalidating, 'if-none-match': etag })).status).toBe(304)
  }
}

test('every answer that the document has is given, with the headers that it has there, and no other is', async () => {
  await succeed()
  await registerCallback()
  await refuseAll()
  await missNothing()
  await tellHistories()
  expect([...conformance.seen].toSorted()).toEqual([...conformance.documented].toSorted())
})

/** The status of a message to which everything has happened that can. */
async function tellHistories() {
  await call('POST', '/ott/v1/send', toLine())
  const delivery = ingress.queued.at(-1)
  if (delivery === undefined) throw new Error('it was not queued')
  const receipt = accepted('reply', ['1'], { requestId: 'r', confirmed: false })
  const failure = { reason: 'no-answer', message: 'no answer', attempts: 8 } as const
  const history: History = {
    delivery: { ...delivery, subject: 's', groupKey: 'g', extras: { more: 1 }, expiresAt: at },
    events: [
      { event: 'created', at },
      { event: 'queued', at },
      { event: 'parked', at, reason: 'credentials', message: 'the token is no good' },
      { event: 'failed', at, ...failure, inDoubt: true },
      { event: 'redriven', at },
      { event: 'failed', at, ...failure, inDoubt: false },
      { event: 'sent', at, receipt },
    ],
    attempts: [{ at, outcome: 'interrupted', reason: 'fault', message: 'its worker ended', requestId: 'r' }],
  }
  ingress.histories.set(delivery.id, history)
  expect((await call('GET', `/ott/v1/send/${delivery.id}`)).status).toBe(200)
  for (const what of ['end', 'parking'] as const) {
    const event = toCallbackEvent(history, what, { includeRequestBody: true })
    const schema = { $ref: '#/components/schemas/CallbackEvent' }
    expect(conformance.validateAnswer(schema, JSON.parse(event?.body ?? ''))).toBe(undefined)
  }
}
