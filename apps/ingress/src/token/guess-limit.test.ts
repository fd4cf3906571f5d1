import { randomUUID } from 'node:crypto'

import { beforeAll, expect, test } from '@jest/globals'
import { useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { useIngress } from '../use-ingress.ts'
import { createGuessLimit, type GuessLimit } from './guess-limit.ts'

const server = useRedis()
let redis: Redis
let limit: GuessLimit
beforeAll(async () => {
  redis = await openRedis(server.url, 'failing', createLogger('test', 'silent'))
  server.onStop(() => closeRedis(redis))
  limit = createGuessLimit(redis)
})

let compared = 0
const ingress = useIngress({
  trustedProxies: 1,
  guessLimit: {
    begin: (clientId, address) => limit.begin(clientId, address),
    forgive: (clientId, address) => limit.forgive(clientId, address),
  },
  verifyClient: async (id, secret) => {
    compared += 1
    return secret === 'the-secret' ? ingress.clients.get(id) : undefined
  },
})

const ask = (client_id: string, client_secret: string, address: string) =>
  ingress.request('POST', '/v2/token', {
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ grant_type: 'client_credentials', client_id, client_secret }),
  })

/** So many ask at a time. */
const together = 10

/** The statuses of so many answers. */
async function statuses(count: number, call: (number: number) => ReturnType<typeof ask>): Promise<number[]> {
  const answers: number[] = []
  while (answers.length < count) {
    const numbers = Array.from({ length: Math.min(together, count - answers.length) }, (_, at) => answers.length + at)
    answers.push(...(await Promise.all(numbers.map(call))).map(({ status }) => status))
  }
  return answers
}

const addressOf = (number: number) => `198.18.${Math.floor(number / 250)}.${number % 250}`
const refusals = (count: number) => Array.from({ length: count }, () => 401)

test('guesses from one address end after thirty, whatever ids they name, without a secret being compared', async () => {
  expect(await statuses(30, (number) => ask(`nobody-${number}`, 'guess', '192.0.2.1'))).toEqual(refusals(30))
  compared = 0
  const refused = await ask([...ingress.clients.keys()].join(''), 'the-secret', '192.0.2.1')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  expect(refused.json).toEqual({
    error: 'temporarily_unavailable',
    error_description: 'There were too many failed attempts. Please try again later',
  })
  expect(compared).toBe(0)
  expect((await ask(String([...ingress.clients.keys()][0]), 'the-secret', '192.0.2.2')).status).toBe(200)
})

test('guesses of one client’s secret end after six hundred, whatever addresses they come from', async () => {
  const id = randomUUID()
  expect(await statuses(600, (number) => ask(id, 'guess', addressOf(number)))).toEqual(refusals(600))
  expect((await ask(id, 'the-secret', '198.51.100.250')).status).toBe(429)
})

test('whoever guesses from one address does not keep the client itself from its tokens', async () => {
  const id = String([...ingress.clients.keys()][0])
  await statuses(100, () => ask(id, 'guess', '203.0.113.9'))
  expect((await ask(id, 'the-secret', '203.0.113.10')).status).toBe(200)
})

test('a client that knows its secret may ask as often as it likes', async () => {
  const id = String([...ingress.clients.keys()][0])
  expect(await statuses(130, () => ask(id, 'the-secret', '203.0.113.1'))).toEqual(
    Array.from({ length: 130 }, () => 200),
  )
})

test('an address that is held off uses up the attempts of no client', async () => {
  const id = String([...ingress.clients.keys()][0])
  await statuses(30, (number) => ask(`nobody-${number}`, 'guess', '203.0.113.2'))
  expect(await statuses(601, () => ask(id, 'guess', '203.0.113.2'))).toEqual(Array.from({ length: 601 }, () => 429))
  expect((await ask(id, 'the-secret', '203.0.113.3')).status).toBe(200)
})

test('what is said to be a client’s id is not kept in Redis as it came', async () => {
  await ask('a-secret-in-the-wrong-place', 'guess', '203.0.113.4')
  expect((await redis.keys('*')).join(' ')).not.toContain('wrong-place')
})

test('with Redis away no secret is compared, and there is no token', async () => {
  await redis.quit()
  compared = 0
  expect((await ask('anybody', 'the-secret', '203.0.113.5')).status).toBe(503)
  expect(compared).toBe(0)
})
