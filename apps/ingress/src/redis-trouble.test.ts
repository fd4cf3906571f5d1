import { afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals'
import { freePort } from '@ott/local'
import { durationOf, testWithOwnRedis, untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { aRegistration } from './registration/requests.ts'
import { type Answer, problemsOf } from './use-ingress.ts'
import { useOwnRedis } from './use-own-redis.ts'
import { useStoredIngress } from './use-stored-ingress.ts'

const limitMs = 1000
const redis = useOwnRedis()
const ingress = useStoredIngress({ redis })
/** Its Redis hangs from when a delivery is about to be queued. */
const surprised = useStoredIngress({
  redis,
  change: ({ enqueue }) => ({
    enqueue: (delivery) => {
      redis.signal('SIGSTOP')
      return enqueue(delivery)
    },
  }),
})

type Client = Awaited<ReturnType<typeof ingress.become>>
let client: Client
const taken: string[] = []

beforeAll(async () => {
  client = await ingress.become('shop')
  await client.request('POST', '/ott/v1/registration', aRegistration())
})

/** Sends, and notes what the answer says is on disk. */
async function send(by: Client = client): Promise<Answer> {
  const answer = await by.send()
  if (answer.status === 201) taken.push(z.object({ ottRequestId: z.uuid() }).parse(answer.json).ottRequestId)
  return answer
}

/** Sends, and must be answered in time. */
async function sendInTime(by: Client = client): Promise<Answer> {
  const answer = send(by)
  expect(await durationOf(() => answer)).toBeLessThan(limitMs)
  return answer
}

const untilTaken = () => untilTrue(async () => (await send()).status === 201)

/** So many at once, each of which must be answered in time; with what each is answered. */
async function burst(size = 20): Promise<Answer[]> {
  return Promise.all(Array.from({ length: size }, () => sendInTime()))
}

async function expectRefusals(): Promise<void> {
  for (const answer of await burst()) {
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    expect(problemsOf(answer)).toEqual([expect.stringMatching(/^50300 .*lease (try again|repeat the request with)/)])
  }
}

describe('sending is answered with 503 within a second, and works again by itself afterwards', () => {
  beforeEach(untilTaken)

  afterEach(async () => {
    redis.signal('SIGCONT')
    await untilTaken()
  })

  // What was said to be taken is on disk: it is there after a crash.
  afterEach(async () => {
    await redis.kill()
    await redis.start()
    await untilTaken()
    for (const id of taken.splice(0)) expect((await client.request('GET', `/ott/v1/send/${id}`)).status).toBe(200)
  })

  testWithOwnRedis('when Redis is away', async () => {
    await redis.kill()
    await expectRefusals()
    await redis.start()
  })

  testWithOwnRedis('when Redis dies under load', async () => {
    const answers = Promise.all([burst(), burst(), burst()])
    await redis.kill()
    for (const { status } of (await answers).flat()) expect([201, 503]).toContain(status)
    await redis.start()
  })

  testWithOwnRedis('when Redis has become a replica, which takes no writes', async () => {
    await redis.call('REPLICAOF', '127.0.0.1', String(await freePort()))
    await expectRefusals()
    await redis.call('REPLICAOF', 'NO', 'ONE')
  })

  testWithOwnRedis('when Redis is out of memory', async () => {
    await redis.call('CONFIG', 'SET', 'maxmemory', '1')
    await expectRefusals()
    await redis.call('CONFIG', 'SET', 'maxmemory', '0')
  })

  testWithOwnRedis('when Redis hangs, for however long', async () => {
    redis.signal('SIGSTOP')
    await expectRefusals()
    // On the second time, Redis is known to hang, and nobody waits for it.
    await untilTrue(async () => (await durationOf(expectRefusals)) < limitMs / 2)
    redis.signal('SIGCONT')
  })

  testWithOwnRedis('when Redis comes to hang in the middle of a request', async () => {
    const shop = await surprised.become('shop')
    const answer = await sendInTime(shop)
    expect(problemsOf(answer)).toEqual([expect.stringMatching(/^50300 .*not known whether the message was taken/)])
    redis.signal('SIGCONT')
  })

  testWithOwnRedis('while Redis is loading what it has on disk', async () => {
    // Work for some seconds, with so many bytes between that Redis looks up in the meantime.
    await redis.call('EVAL', "for i = 1, 20000 do redis.call('ZADD', 'ott:test:many', i, i) end", '0')
    const once =
      "redis.call('SET', 'ott:test:long', string.rep('x', 2200000)) redis.call('ZUNIONSTORE', KEYS[2], 1, KEYS[1])"
    for (let times = 0; times < 18; times += 1) await redis.call('EVAL', once, '2', 'ott:test:many', 'ott:test:copy')
    await redis.kill()
    const progress = { loaded: false }
    const started = redis.start().finally(() => (progress.loaded = true))
    const seen = new Set<number>()
    while (!progress.loaded) for (const { status } of await burst()) seen.add(status)
    expect(seen).toContain(503)
    await started
  })
})
