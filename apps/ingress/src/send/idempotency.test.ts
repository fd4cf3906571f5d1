import { randomUUID } from 'node:crypto'

import { beforeAll, expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { createIdempotencyRecords } from '@ott/queue'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'
import { z } from 'zod'

import { aRegistration } from '../registration/requests.ts'
import { call, problemsOf } from '../use-ingress.ts'
import { useStoredIngress } from '../use-stored-ingress.ts'
import { watchRedis } from '../watch-redis.ts'
import { toLine } from './requests.ts'

const lifetimeMs = 300
let redis: Redis

/** Of all of them: they share what clients may do. */
const settings = { REQUESTS_PER_SECOND: '1000000' }
const first = useStoredIngress({ settings })
const second = useStoredIngress({ redis: first.redis, settings })
/** One that dies with the key claimed, before the delivery is queued. */
const dying = useStoredIngress({
  redis: first.redis,
  settings,
  change: () => ({ enqueue: () => Promise.reject(new Error('Connection is closed.')) }),
})
/** One that dies with the delivery queued, before that is noted. */
const forgetful = useStoredIngress({
  redis: first.redis,
  settings,
  change: ({ idempotency }) => ({ idempotency: { ...idempotency, accept: () => new Promise(() => undefined) } }),
})
/** One that divides its queues, as the next deploy does. */
const divided = useStoredIngress({ redis: first.redis, settings: { ...settings, QUEUE_SHARDS: '3' } })
const brief = useStoredIngress({
  redis: first.redis,
  settings,
  change: ({ idempotency }) => ({
    idempotency: { ...idempotency, claim: (...given) => createIdempotencyRecords(redis, lifetimeMs).claim(...given) },
  }),
})

beforeAll(async () => {
  redis = await openRedis(first.redis.url, 'failing', createLogger('test', 'silent'))
  first.redis.onStop(() => closeRedis(redis))
})

type Ingress = typeof first

/** An account of its own, with a sender: sends from it by any of the ingresses. */
async function anAccount() {
  const account = randomUUID()
  const { request, headers } = await first.become(account)
  await request('POST', '/ott/v1/registration', aRegistration())
  const by =
    (ingress: Ingress) =>
    (key: string, body: unknown = toLine()) =>
      call(`${ingress.url()}/ott/v1/send`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': key },
        body: JSON.stringify(body),
      })
  return { by, request }
}

const idOf = (json: unknown) => z.object({ ottRequestId: z.uuid() }).parse(json).ottRequestId

test('a repeat gets the answer of the first request, says that it is one, and makes no second delivery', async () => {
  const { by } = await anAccount()
  const [one, other] = [by(first), by(second)]
  const before = await redis.zcard('ott:line:prioritized')
  const answer = await one('"order 1"')
  expect(answer.status).toBe(201)
  expect(answer.headers.get('idempotency-replayed')).toBeNull()
  for (const send of [one, other]) {
    const repeat = await send('"order 1"')
    expect([repeat.status, repeat.json]).toEqual([201, answer.json])
    expect(repeat.headers.get('location')).toBe(answer.headers.get('location'))
    expect(repeat.headers.get('idempotency-replayed')).toBe('true')
  }
  expect(await redis.zcard('ott:line:prioritized')).toBe(before + 1)
})

test('fifty repeats at the same instant, on two ingresses, make one delivery', async () => {
  const { by } = await anAccount()
  const sends = [by(first), by(second)]
  const before = await redis.zcard('ott:line:prioritized')
  const answers = await Promise.all(Array.from({ length: 25 }, () => sends.map((send) => send('race'))).flat())
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
  expect(new Set(answers.map(({ json }) => idOf(json))).size).toBe(1)
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1)
  expect(await redis.zcard('ott:line:prioritized')).toBe(before + 1)
})

test('after an ingress died with the key claimed and nothing queued, the repeat queues the delivery', async () => {
  const { by, request } = await anAccount()
  const lost = await by(dying)('k')
  expect(problemsOf(lost)).toEqual([expect.stringMatching(/^50300 .*not known whether the message was taken/)])
  const repeat = await by(second)('k')
  expect(repeat.status).toBe(201)
  expect((await request('GET', `/ott/v1/send/${idOf(repeat.json)}`)).status).toBe(200)
})

test('after an ingress died with the delivery queued and that not noted, the repeat is the same delivery', async () => {
  const { by } = await anAccount()
  const before = await redis.zcard('ott:line:prioritized')
  const unnoted = await by(forgetful)('k')
  expect(unnoted.status).toBe(201)
  const repeat = await by(second)('k')
  expect(repeat.json).toEqual(unnoted.json)
  expect(await redis.zcard('ott:line:prioritized')).toBe(before + 1)
})

test('a repeat that comes to an ingress with another number of queues is the same delivery', async () => {
  const { by, request } = await anAccount()
  const unnoted = await by(forgetful)('k')
  expect((await by(divided)('k')).json).toEqual(unnoted.json)
  const places = await redis.keys(`ott:*:${idOf(unnoted.json)}`)
  expect(places).toEqual([`ott:line:${idOf(unnoted.json)}`])
  const elsewhere = await by(divided)('new')
  expect((await request('GET', `/ott/v1/send/${idOf(elsewhere.json)}`)).status).toBe(200)
})

test('a key that was used with another body is refused, before and after the delivery is queued', async () => {
  const { by } = await anAccount()
  const [one, other] = [by(first), by(dying)]
  await one('accepted')
  await other('claimed')
  const refused =
    '30004 The Idempotency-Key was used with another request body. Repeat the request with its own body, or use a new key'
  for (const key of ['accepted', 'claimed']) {
    const answer = await one(key, toLine({ messageKey: 'another' }))
    expect([answer.status, ...problemsOf(answer)]).toEqual([422, refused])
  }
})

test('of two bodies with one key at the same instant, one is taken and the other refused', async () => {
  const { by } = await anAccount()
  const [one, other] = [by(first), by(second)]
  const answers = await Promise.all([one('k', toLine({ messageKey: 'a' })), other('k', toLine({ messageKey: 'b' }))])
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 422]))
})

test('a body is the same in whatever order its properties come', async () => {
  const { by } = await anAccount()
  const send = by(first)
  const reversed = Object.fromEntries(Object.entries(toLine()).toReversed())
  expect((await send('k', reversed)).json).toEqual((await send('k')).json)
})

test('another account’s key is another key', async () => {
  const [shop, rival] = [(await anAccount()).by(first), (await anAccount()).by(first)]
  expect((await rival('k')).json).not.toEqual((await shop('k')).json)
})

test('a request that was refused is not remembered: put right, it may have the same key', async () => {
  const send = (await anAccount()).by(first)
  expect((await send('k', toLine({ validityPeriod: '' }))).status).toBe(400)
  expect((await send('k')).status).toBe(201)
})

test('a repeat of what was taken is answered even when its sender is gone by then', async () => {
  const { by, request } = await anAccount()
  const send = by(first)
  const taken = await send('k')
  await request('DELETE', '/ott/v1/registration/line/1656000000')
  expect((await send('k')).json).toEqual(taken.json)
})

test('a key is good for a new request once its time is over', async () => {
  const { by } = await anAccount()
  const send = by(brief)
  const taken = await send('k')
  await untilTrue(async () => idOf((await send('k')).json) !== idOf(taken.json))
})

test('without the header, a request makes no call to Redis for it', async () => {
  const { request } = await anAccount()
  const send = () => request('POST', '/ott/v1/send', toLine())
  await send() // Redis knows the scripts from here on.
  const commands: string[] = []
  first.redis.onStop(
    await watchRedis(first.redis.url, ({ words: [name = '', ...given], byScript }) => {
      // No request's own: what a connection asks at its pace, a share of the client's rate, a sender known for too long.
      const place = given.find((word) => word.startsWith('ott:'))
      const ofItself =
        place === undefined ? ['ping', 'info'].includes(name) : /^ott:(queues|requests|senders):/.test(place)
      if (!byScript && !ofItself) commands.push([name, place].join(' '))
    }),
  )
  await send()
  await redis.set('ott:end', '1')
  await untilTrue(() => commands.at(-1) === 'set ott:end')
  const seen = commands.slice(0, -1).map((command) => command.replaceAll(/[\w-]{36}/g, '…'))
  expect(seen).toEqual(['evalsha ott:line:marker']) // the delivery, and how it is found by the client's key
})
