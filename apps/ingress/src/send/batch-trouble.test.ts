import { expect } from '@jest/globals'
import { durationOf, testWithOwnRedis, untilTrue } from '@ott/local/testing'

import { aRegistration } from '../registration/requests.ts'
import { useOwnRedis } from '../use-own-redis.ts'
import { useStoredIngress } from '../use-stored-ingress.ts'
import { toLine } from './requests.ts'
import { itemsOf, postBatch } from './use-batches.ts'

const redis = useOwnRedis()
let left = Infinity
/** What befalls Redis once so many deliveries were queued. */
let trouble = async (): Promise<void> => undefined

const ingress = useStoredIngress({
  redis,
  settings: { REQUESTS_PER_SECOND: '1000000' },
  change: ({ enqueue }) => ({
    enqueue: async (...given) => {
      left -= 1
      if (left === 0) await trouble()
      return enqueue(...given)
    },
  }),
})

const requests = Array.from({ length: 1000 }, (_none, index) => toLine({ messageKey: `key ${index}` }))

/** Sends a thousand, with trouble at the 250th; tells what each was answered. */
async function sendInto(given: typeof trouble) {
  const { request, headers } = await ingress.become('shop')
  await untilTrue(async () => (await request('POST', '/ott/v1/registration', aRegistration())).status === 201)
  left = 250
  trouble = given
  const answer = await postBatch(ingress.url(), headers, requests)
  expect(answer.status).toBe(207)
  return { request, items: itemsOf(answer.json) }
}

testWithOwnRedis(
  'when Redis dies in the middle of a batch, what was answered 201 is on disk and the rest is told 503',
  async () => {
    const { request, items } = await sendInto(() => redis.kill())
    await redis.start()
    await untilTrue(async () => (await request('GET', '/ott/v1/send/key%200')).status === 200)
    const taken = items.filter(({ status }) => status === 201)
    expect(taken.length).toBeGreaterThanOrEqual(200)
    for (const { ottRequestId } of taken)
      expect((await request('GET', `/ott/v1/send/${ottRequestId}`)).status).toBe(200)
    const others = items.filter(({ status }) => status !== 201)
    expect(others.length).toBeGreaterThan(700)
    for (const each of others) expect(each).toMatchObject({ status: 503, errorcode: 50_300, retryAfter: 1 })
    // Of those that were under way nobody knows; the others were not begun, and are not there.
    expect(items[299]?.['message']).toMatch(/not known whether the message was taken/)
    expect(items[300]?.['message']).toMatch(/This one was not taken/)
    expect((await request('GET', '/ott/v1/send/key%20300')).status).toBe(404)
  },
)

testWithOwnRedis(
  'when Redis comes to hang in the middle of a batch, it is answered within a second all the same',
  async () => {
    const hung = Promise.withResolvers<undefined>()
    const answering = sendInto(async () => {
      redis.signal('SIGSTOP')
      hung.resolve(undefined)
    })
    // What comes before, a token, a registration and 250 deliveries, takes as long as the machine wants.
    await Promise.race([hung.promise, answering])
    const lastsMs = await durationOf(() => answering)
    redis.signal('SIGCONT')
    expect((await answering).items[999]).toMatchObject({ status: 503 })
    // That second, and another one to answer for each of the thousand.
    expect(lastsMs).toBeLessThan(2000)
  },
)
