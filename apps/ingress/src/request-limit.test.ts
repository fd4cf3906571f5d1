import { beforeAll, expect, test } from '@jest/globals'
import { untilTrue, useRedis } from '@ott/local/testing'
import type { Client } from '@ott/registry'
import { closeRedis, createLogger, openRedis } from '@ott/runtime'

import { type CountRequest, createRequestLimit } from './request-limit.ts'
import { toLine } from './send/requests.ts'
import { accessTokens, aClient, documentation, problemsOf, useIngress } from './use-ingress.ts'

const server = useRedis()

/** A limit with a connection of its own, as each process has one. */
async function openLimit(
  requestsPerSecond: number,
): Promise<{ count: CountRequest; disconnect: () => Promise<unknown> }> {
  const redis = await openRedis(server.url, 'failing', createLogger('test', 'silent'))
  server.onStop(() => closeRedis(redis))
  return { count: createRequestLimit(redis, requestsPerSecond), disconnect: () => redis.quit() }
}

let limits: Awaited<ReturnType<typeof openLimit>>[] = []
beforeAll(async () => {
  limits = [await openLimit(3), await openLimit(3)]
})
const countAt = (place: number) => async (client: Client) => {
  const limit = limits[place]
  if (limit === undefined) throw new Error('the limits are there once the tests run')
  return limit.count(client)
}
const one = useIngress({ countRequest: countAt(0) })
const other = useIngress({ countRequest: countAt(1) })

/** The limits of another client, so that tests do not use up each other's. */
const be = (changes: Partial<Client>) => {
  for (const { clients } of [one, other]) clients.set(aClient().id, aClient(changes))
}

test('two ingresses count a client’s requests together, and tell it when it may come again', async () => {
  const answers = []
  const startedAt = performance.now()
  // Three within a second; where a second ends in between, three more.
  while (answers.at(-1)?.status !== 429 && performance.now() - startedAt < 5000)
    answers.push(await (answers.length % 2 === 0 ? one : other).post('/ott/v1/send', toLine()))
  const refused = answers.at(-1)
  if (refused === undefined) throw new Error('nothing was answered')
  expect(answers.length).toBeGreaterThan(3)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(refused.headers.get('ratelimit-policy')).toBe('"client";q=3;w=1')
  expect(refused.headers.get('ratelimit')).toBe('"client";r=0;t=1')
  expect(problemsOf(refused)).toEqual(['50100 This client may make 3 requests in 1 s'])
  expect(one.queued.length + other.queued.length).toBe(answers.length - 1)
  await untilTrue(async () => (await one.request('GET', '/ott/v1/registration/line')).status === 200)
})

test('a client with a rate of its own is held to that one', async () => {
  be({ requestsPerSecond: 20_000 })
  await untilTrue(async () => (await one.request('GET', '/ott/v1/registration/line')).status === 200)
  for (let request = 0; request < 10; request += 1) {
    const { status, headers } = await other.request('GET', '/ott/v1/registration/line')
    expect(status).toBe(200)
    expect(headers.get('ratelimit-policy')).toBe('"client";q=20000;w=1')
    expect(headers.get('ratelimit')).toMatch(/^"client";r=19\d\d\d;t=1$/)
  }
})

test('of many requests at once, two ingresses let no more through than the rate, and hardly fewer', async () => {
  const client = aClient({ id: 'a-client-in-a-hurry', requestsPerSecond: 500 })
  const startedAt = performance.now()
  const counted = await Promise.all(Array.from({ length: 1500 }, (_, index) => countAt(index % 2)(client)))
  const secondsBegun = 1 + Math.ceil((performance.now() - startedAt) / 1000)
  const passed = counted.filter(({ exceeded }) => !exceeded).length
  expect(passed).toBeGreaterThanOrEqual(490)
  expect(passed).toBeLessThanOrEqual(500 * secondsBegun)
})

test('what an ingress has taken of a rate it uses up without a word to Redis', async () => {
  const client = aClient({ id: 'a-client-of-a-high-rate', requestsPerSecond: 1_000_000 })
  const left: number[] = []
  // Where a second ends in between, a share is taken anew.
  await untilTrue(async () => {
    left.splice(
      0,
      left.length,
      ...(await Promise.all([1, 2, 3].map(() => countAt(1)(client)))).map(({ remaining }) => remaining),
    )
    return left[0] !== undefined && left[0] < 999_990
  })
  expect(left).toEqual([left[0], Number(left[0]) - 1, Number(left[0]) - 2])
})

test('requests that a token does not allow count as well', async () => {
  const client = aClient({ id: 'a-client-without-scopes' })
  one.clients.set(client.id, client)
  const headers = { authorization: `Bearer ${await accessTokens.issue(client, [])}` }
  const statuses: number[] = []
  await untilTrue(async () => {
    statuses.push((await one.request('GET', '/ott/v1/registration/line', { headers })).status)
    return statuses.includes(429)
  })
  expect(statuses.slice(0, 3)).toEqual([403, 403, 403])
})

test('requests of nobody count for nobody', async () => {
  const headers = { authorization: 'Bearer x' }
  for (let request = 0; request < 10; request += 1) {
    const answer = await one.request('GET', '/ott/v1/registration/line', { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('ratelimit')).toBeNull()
  }
})

test('with Redis away no request passes, and when to come back is told', async () => {
  await limits[0]?.disconnect()
  const answer = await one.request('GET', '/ott/v1/registration/line')
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(answer.json).toMatchObject({ errorcode: 50300, documentation })
})
