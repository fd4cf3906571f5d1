import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { Scope } from '@ott/registry'

import { accessTokens, aClient, call, problemsOf, useIngress } from '../use-ingress.ts'
import { toLine, toLineWith } from './requests.ts'
import { itemsOf } from './use-batches.ts'

const path = '/ott/v1/send/batch'
const json = { 'content-type': 'application/json' }
const many = (count: number) => JSON.stringify(Array.from({ length: count }, () => toLine()))

const ingress = useIngress({ bodyLimit: 1000, batchBodyLimit: 20_000 })

let allowed = 0
const limited = useIngress({
  countRequest: () => {
    const exceeded = allowed === 0
    if (!exceeded) allowed -= 1
    return { quota: 3, remaining: allowed, windowSeconds: 1, resetSeconds: 1, exceeded }
  },
})

const held: (() => void)[] = []
/** Its Redis answers when it is let. */
const slow = useIngress({ enqueue: () => new Promise((resolve) => held.push(resolve)) })
const full = useIngress({ whyNotNow: () => 'Redis is nearly full' })

test('each request of a batch counts in the client’s rate: what is over it is told to come again, and is not taken', async () => {
  allowed = 3
  const answer = await limited.post(path, many(5))
  expect(itemsOf(answer.json).map(({ status }) => status)).toEqual([201, 201, 201, 429, 429])
  expect(itemsOf(answer.json)[4]).toMatchObject({ errorcode: 50_100, retryAfter: 1 })
  expect(answer.headers.get('ratelimit')).toBe('"client";r=0;t=1')
  expect(limited.queued).toHaveLength(3)
  const refused = await limited.post(path, many(1))
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
})

test('a batch has a limit of its own, and each request in it the limit of one alone', async () => {
  const large = toLineWith({ type: 'text', text: 'x'.repeat(1000) })
  const answer = await ingress.post(path, [toLine(), large, toLine()])
  expect(itemsOf(answer.json).map(({ status }) => status)).toEqual([201, 413, 201])
  expect(itemsOf(answer.json)[1]).toMatchObject(Object((await ingress.post('/ott/v1/send', large)).json))
  const refused = await ingress.post(path, many(200))
  expect([refused.status, ...problemsOf(refused)]).toEqual([413, '10000 The request body is larger than 20000 bytes'])
  expect(ingress.queued).toHaveLength(2)
})

test('a request nested too deep is refused in its place', async () => {
  let deep: unknown = 1
  for (let level = 0; level < 100; level += 1) deep = [deep]
  const answer = await ingress.post(path, [toLine({ deep }), toLine()])
  expect(itemsOf(answer.json).map(({ status, errorcode }) => [status, errorcode])).toEqual([
    [400, 10_003],
    [201, undefined],
  ])
})

test('a client has four batches under way at most, and again when they are answered', async () => {
  const four = Array.from({ length: 4 }, () => slow.post(path, many(1)))
  await untilTrue(() => held.length === 4)
  const fifth = await slow.post(path, many(1))
  expect([fifth.status, fifth.headers.get('retry-after')]).toEqual([429, '1'])
  for (const release of held.splice(0)) release()
  for (const answer of await Promise.all(four)) expect(answer.status).toBe(207)
  const sixth = slow.post(path, many(1))
  await untilTrue(() => held.length === 1)
  for (const release of held.splice(0)) release()
  expect((await sixth).status).toBe(207)
})

test('what was not begun is left when the client is gone', async () => {
  const three = Array.from({ length: 3 }, () => slow.post(path, many(1)))
  const abort = new AbortController()
  const gone = slow.request('POST', path, { headers: json, body: many(300), signal: abort.signal })
  await untilTrue(() => held.length === 3 + 100)
  abort.abort()
  await expect(gone).rejects.toThrow()
  // It is one of four under way until the ingress has noticed.
  await untilTrue(async () => (await slow.post(path, '[]')).status === 400)
  for (const release of held.splice(0)) release()
  for (const answer of await Promise.all(three)) expect(answer.status).toBe(207)
  const next = slow.post(path, many(1))
  await untilTrue(() => held.length > 0)
  expect(held).toHaveLength(1)
  for (const release of held.splice(0)) release()
  expect((await next).status).toBe(207)
})

test('a batch needs the scope of sending', async () => {
  const scopes = Scope.options.filter((scope) => scope !== 'ott_chat_messaging_send')
  const authorization = `Bearer ${await accessTokens.issue(aClient(), scopes)}`
  const answer = await call(ingress.url() + path, {
    method: 'POST',
    headers: { ...json, authorization },
    body: many(1),
  })
  expect([answer.status, ...problemsOf(answer)]).toEqual([
    403,
    '20002 The access token does not grant the scope ott_chat_messaging_send',
  ])
})

test('a batch of another type is told which ones there are', async () => {
  const answer = await ingress.request('POST', path, { headers: { 'content-type': 'text/csv' }, body: 'a,b' })
  expect([answer.status, ...problemsOf(answer)]).toEqual([
    415,
    '10003 The Content-Type must be application/json or application/x-ndjson',
  ])
})

test('while no messages are taken, no batch is', async () => {
  const answer = await full.post(path, many(2))
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
})
