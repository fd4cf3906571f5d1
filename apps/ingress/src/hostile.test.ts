import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { beforeAll, expect, test } from '@jest/globals'
import * as fc from 'fast-check'

import { hostileBody, hostileHeaders, hostilePath } from './hostile-requests.ts'
import { toCursor } from './redrive/cursor.ts'
import { aRegistration } from './registration/requests.ts'
import { toLine, toMessenger } from './send/requests.ts'
import { itemsOf } from './send/use-batches.ts'
import { aClient, type Answer, call, problemsOf, useIngress } from './use-ingress.ts'
import { useStoredIngress } from './use-stored-ingress.ts'

// About 5,000 requests that no honest client would make, others in each run. Each is answered in its form, and none with a fault of ours.

const stored = useStoredIngress({ settings: { REQUESTS_PER_SECOND: '1000000' } })
// Of this one tokens are asked for: the real comparison of secrets is slow on purpose, and lets nobody try so often.
const ingress = useIngress()

let authorized: Record<string, string>
beforeAll(async () => {
  const { headers, request } = await stored.become('7000001')
  authorized = headers
  expect((await request('POST', '/ott/v1/registration', aRegistration())).status).toBe(201)
})

const limitMs = 20_000

/** So many are under way at a time. */
const together = 20

/** Holds for so many hostile requests: made of what `arbitrary` gives, and each judged on its own. */
async function holdFor<Given>(count: number, arbitrary: fc.Arbitrary<Given>, judge: (given: Given) => Promise<void>) {
  const several = fc.array(arbitrary, { minLength: together, maxLength: together })
  const property = fc.asyncProperty(several, async (all) => void (await Promise.all(all.map(judge))))
  await fc.assert(property, { numRuns: count / together, endOnFailure: true })
}

/**
 * Calls with a body of text or bytes, again where Redis was slow to answer: a disk may stall. Rejects when there is no answer in
 * time.
 */
async function post(url: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) {
  const request = { method: 'POST', headers: { ...authorized, ...headers }, body, signal: AbortSignal.timeout(limitMs) }
  let answer = await call(url, request)
  while (answer.status === 503) answer = await call(url, request)
  return answer
}

function expectSoundness(answer: Answer, ...successes: number[]): void {
  if (successes.includes(answer.status)) return
  expect([400, 404, 405, 413, 415]).toContain(answer.status)
  expect(problemsOf(answer)).not.toEqual([])
}

/** What the heap holds when all that could go has gone. */
function heapMegabytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed / 2 ** 20
}

test('hostile sends are answered soundly, and leave nothing behind in the process', async () => {
  const bodies = [toLine(), toMessenger({ from: { senderType: 'line', senderId: '1656000000' } }), toMessenger()]
  const send = (count: number) =>
    holdFor(count, fc.tuple(hostileBody(bodies), hostileHeaders), async ([body, headers]) => {
      expectSoundness(await post(`${stored.url()}/ott/v1/send`, headers, body), 201)
    })
  await send(500)
  const before = heapMegabytes()
  await send(1500)
  expect(heapMegabytes() - before).toBeLessThan(20)
})

test('hostile batches are answered soundly', async () => {
  const requests = hostileBody([[toLine({ idempotencyKey: 'k' }), toLine()], [toLine()]])
  const types = fc.constantFrom('application/json', 'application/x-ndjson')
  // One after the other: a client has only so many under way.
  const property = fc.asyncProperty(requests, hostileHeaders, types, async (body, headers, type) => {
    const answer = await post(`${stored.url()}/ott/v1/send/batch`, { 'content-type': type, ...headers }, body)
    expectSoundness(answer, 207)
    if (answer.status !== 207) return
    for (const { status } of itemsOf(answer.json)) expect([201, 400, 413, 422, 503]).toContain(status)
  })
  await fc.assert(property, { numRuns: 250, endOnFailure: true })
})

test('hostile registrations are answered soundly', async () => {
  const requests = fc.tuple(hostileBody([aRegistration()]), hostileHeaders)
  await holdFor(1000, requests, async ([body, headers]) => {
    expectSoundness(await post(`${stored.url()}/ott/v1/registration`, headers, body), 201)
  })
})

test('hostile redrives are answered soundly', async () => {
  const time = '2026-11-23T09:30:00Z'
  const from = { senderType: 'line', senderId: '1656000000', reasons: ['window'], failedFrom: time, failedTo: time }
  const cursor = toCursor({ network: 'line', queue: 'line', failedOn: 1, id: 'a', until: 1 })
  const bodies = hostileBody([{ ...from, dryRun: false, includeAmbiguous: true, limit: 5, cursor }])
  await holdFor(500, fc.tuple(bodies, hostileHeaders), async ([body, headers]) => {
    expectSoundness(await post(`${stored.url()}/ott/v1/redrive`, headers, body), 200)
  })
})

test('hostile requests for tokens are answered soundly', async () => {
  const { id, account } = aClient()
  const asked = { grant_type: 'client_credentials', client_id: id, client_secret: 'the-secret', account_id: account }
  const types = fc.constantFrom('application/x-www-form-urlencoded', 'application/json')
  const bodies = hostileBody([asked, { ...asked, scope: 'ott_channels_read' }])
  await holdFor(1000, fc.tuple(bodies, hostileHeaders, types), async ([body, headers, type]) => {
    const answer = await post(`${ingress.url()}/v2/token`, { 'content-type': type, ...headers }, body)
    expect([200, 400, 401, 413, 415]).toContain(answer.status)
    expect(answer.json).toHaveProperty(answer.status === 200 ? 'access_token' : 'error_description')
  })
})

test('hostile paths are answered soundly', async () => {
  await holdFor(700, fc.tuple(fc.constantFrom('GET', 'DELETE'), hostilePath), async ([method, path]) => {
    const signal = AbortSignal.timeout(limitMs)
    expectSoundness(await call(stored.url() + path, { method, headers: authorized, signal }), 200, 204)
  })
})
