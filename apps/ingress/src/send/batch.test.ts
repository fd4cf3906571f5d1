import { randomUUID } from 'node:crypto'

import { beforeAll, expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { aRegistration } from '../registration/requests.ts'
import { call, problemsOf } from '../use-ingress.ts'
import { useStoredIngress } from '../use-stored-ingress.ts'
import { watchRedis } from '../watch-redis.ts'
import { toLine, toMessenger } from './requests.ts'
import { itemsOf, postBatch, postLines } from './use-batches.ts'

const settings = { REQUESTS_PER_SECOND: '1000000', SENDER_SHARE_PER_SECOND: '1000' }
const ingress = useStoredIngress({ settings })
/** Two at once are within a sender's share. */
const strict = useStoredIngress({ redis: ingress.redis, settings: { ...settings, SENDER_SHARE_PER_SECOND: '1' } })
let redis: Redis

beforeAll(async () => {
  redis = await openRedis(ingress.redis.url, 'failing', createLogger('test', 'silent'))
  ingress.redis.onStop(() => closeRedis(redis))
})

/** An account of its own, with a sender of LINE's. */
async function anAccount() {
  const { request, headers } = await ingress.become(randomUUID())
  await request('POST', '/ott/v1/registration', aRegistration())
  const batch = (requests: readonly unknown[], by = ingress) => postBatch(by.url(), headers, requests)
  const lines = (given: readonly string[]) => postLines(ingress.url(), headers, given)
  return { request, headers, batch, lines }
}

const waiting = () => redis.zcard('ott:line:prioritized')
const idsOf = (json: unknown) => itemsOf(json).map(({ ottRequestId }) => ottRequestId)

const mixed = [
  toLine({ messageKey: 'first' }),
  toLine({ messageKey: '' }),
  toMessenger(), // whose sender is not registered
  'no request at all',
  toLine({ MESSAGEKEY: 'last', messageKey: undefined }),
]

test('each request of a batch is answered in its place with what it would be answered alone', async () => {
  const { request, batch, lines } = await anAccount()
  for (const answer of [await batch(mixed), await lines(mixed.map((each) => JSON.stringify(each)))]) {
    expect(answer.status).toBe(207)
    const items = itemsOf(answer.json)
    expect(items.map(({ status }) => status)).toEqual([201, 400, 400, 400, 201])
    for (const [index, { status, ...rest }] of items.entries()) {
      const alone = await request('POST', '/ott/v1/send', mixed[index])
      expect(alone.status).toBe(status)
      if (status !== 201) expect(rest).toEqual(alone.json)
      else expect((await request('GET', `/ott/v1/send/${rest.ottRequestId}`)).status).toBe(200)
    }
  }
})

test('a line that is no JSON is an error of its own, and blank lines are none', async () => {
  const { lines } = await anAccount()
  const answer = await lines([JSON.stringify(toLine()), '', '{"messageKey":', '  ', JSON.stringify(toLine()), ''])
  const items = itemsOf(answer.json)
  expect(items.map(({ status }) => status)).toEqual([201, 400, 201])
  expect(items[1]).toMatchObject({ errorcode: 10_004, message: 'The request body is not valid JSON' })
})

test('a thousand requests go to Redis in ten pieces, and all are there', async () => {
  const { request, batch } = await anAccount()
  await batch([toLine()]) // Redis knows the scripts from here on.
  const scripts: string[] = []
  ingress.redis.onStop(
    await watchRedis(ingress.redis.url, ({ words, byScript }) => {
      if (!byScript && words[0] === 'evalsha' && words.includes('ott:line:marker')) scripts.push('add')
      if (words[1] === 'ott:end') scripts.push('end')
    }),
  )
  const before = await waiting()
  const answer = await batch(Array.from({ length: 1000 }, (_none, index) => toLine({ messageKey: `key ${index}` })))
  await redis.set('ott:end', '1')
  await untilTrue(() => scripts.at(-1) === 'end')
  expect(scripts).toHaveLength(10 + 1)
  expect(await waiting()).toBe(before + 1000)
  const ids = idsOf(answer.json)
  expect(new Set(ids).size).toBe(1000)
  const status = await request('GET', '/ott/v1/send/key%20777')
  expect(status.json).toMatchObject({ requestBody: { ottRequestId: ids[777] } })
})

test('what is no list of 1 to 1,000 requests is refused, and nothing of it is taken', async () => {
  const { batch, lines, headers } = await anAccount()
  const many = Array.from({ length: 1001 }, () => toLine())
  const before = await waiting()
  const tooMany = '10003 A batch must not have more than 1000 requests'
  const noList = '10003 The request body must be a list of requests'
  const others = await call(`${ingress.url()}/ott/v1/send/batch`, {
    method: 'POST',
    headers,
    body: JSON.stringify(toLine()),
  })
  const answers = [
    [await batch(many), tooMany],
    [await lines(many.map((each) => JSON.stringify(each))), tooMany],
    [await batch([]), noList],
    [await lines(['', '']), noList],
    [others, noList],
  ] as const
  for (const [answer, start] of answers) {
    expect(answer.status).toBe(400)
    expect(problemsOf(answer)).toEqual([expect.stringContaining(start)])
  }
  expect(await waiting()).toBe(before)
})

test('a batch that is repeated with its keys makes no second delivery', async () => {
  const { batch } = await anAccount()
  const requests = ['one', 'two'].map((key) => toLine({ messageKey: key, idempotencyKey: key }))
  const before = await waiting()
  const answer = await batch(requests)
  expect(itemsOf(answer.json)[0]).not.toHaveProperty('idempotencyReplayed')
  const repeat = await batch(requests)
  expect(idsOf(repeat.json)).toEqual(idsOf(answer.json))
  expect(itemsOf(repeat.json)).toMatchObject([{ idempotencyReplayed: true }, { idempotencyReplayed: true }])
  expect(await waiting()).toBe(before + 2)
})

test('a key is the same in a batch and alone, and twice in a batch makes one delivery', async () => {
  const { batch, headers } = await anAccount()
  const before = await waiting()
  const answer = await batch([toLine({ IdempotencyKey: 'order 1' }), toLine({ idempotencyKey: 'order 1' })])
  const alone = await call(`${ingress.url()}/ott/v1/send`, {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': '"order 1"' },
    body: JSON.stringify(toLine()),
  })
  expect(new Set([...idsOf(answer.json), ...idsOf({ items: [{ status: 201, ...Object(alone.json) }] })]).size).toBe(1)
  expect(alone.headers.get('idempotency-replayed')).toBe('true')
  expect(await waiting()).toBe(before + 1)
})

test('a key that came with another request, or is none, is that request’s own error', async () => {
  const { batch } = await anAccount()
  await batch([toLine({ idempotencyKey: 'used' })])
  const keys = ['used', '', 'x'.repeat(256), 'grün', { a: 1 }, 4711, null]
  const answer = await batch(keys.map((idempotencyKey) => toLine({ messageKey: 'another', idempotencyKey })))
  expect(itemsOf(answer.json).map(({ status, errorcode }) => [status, errorcode])).toEqual([
    [422, 30_004],
    ...Array.from({ length: 4 }, () => [400, 10_005]),
    [201, undefined],
    [201, undefined],
  ])
})

test('an Idempotency-Key header, which could not tell the requests apart, is refused', async () => {
  const { headers } = await anAccount()
  const answer = await postBatch(ingress.url(), { ...headers, 'idempotency-key': 'k' }, [toLine()])
  expect(answer.status).toBe(400)
  expect(problemsOf(answer)).toEqual([expect.stringContaining('give each of its requests a property idempotencyKey')])
})

test('each request of a batch counts in its sender’s share', async () => {
  const { batch } = await anAccount()
  const answer = await batch([toLine(), toLine(), toLine(), toLine()], strict)
  const ids = idsOf(answer.json)
  const priorities = await Promise.all(ids.map((id) => redis.hget(`ott:line:${id}`, 'priority')))
  expect(priorities).toEqual(['1', '1', '2', '2'])
})

test('a message whose key is "batch" is found by it', async () => {
  const { request } = await anAccount()
  const sent = await request('POST', '/ott/v1/send', toLine({ messageKey: 'batch' }))
  const status = await request('GET', '/ott/v1/send/batch')
  expect(status.json).toMatchObject({ requestBody: Object(sent.json) })
  expect((await request('PUT', '/ott/v1/send/batch')).headers.get('allow')).toBe('GET, HEAD, POST')
})
