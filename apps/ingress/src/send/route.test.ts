import { setTimeout } from 'node:timers/promises'

import { expect, test } from '@jest/globals'
import type { Delivery } from '@ott/delivery'
import { durationOf } from '@ott/local/testing'
import { NotSentInTime } from '@ott/queue'
import { createLogger } from '@ott/runtime'

import { notTaken } from '../unavailable.ts'
import { aClient, documentation, problemsOf, useIngress } from '../use-ingress.ts'
import { toLine } from './requests.ts'

const ingress = useIngress()

test('an accepted request is answered with its id and where its status is', async () => {
  const answer = await ingress.post('/ott/v1/send', toLine())
  const id = ingress.queued[0]?.id
  expect(answer.status).toBe(201)
  expect(answer.json).toEqual({ ottRequestId: id })
  expect(answer.headers.get('location')).toBe(`/ott/v1/send/${id}`)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
})

test('each request has an id of its own, be its messageKey the same', async () => {
  await ingress.post('/ott/v1/send', toLine())
  await ingress.post('/ott/v1/send', toLine())
  expect(new Set(ingress.queued.map((delivery) => delivery.id)).size).toBe(2)
})

test('nothing tells which software answers', async () => {
  const { headers } = await ingress.post('/ott/v1/send', toLine())
  expect(headers.get('x-powered-by')).toBeNull()
  expect(headers.get('etag')).toBeNull()
})

const unhurried = Promise.withResolvers<void>()
const asked = Promise.withResolvers<Delivery>()
const slow = useIngress({
  enqueue: async (delivery) => {
    asked.resolve(delivery)
    await unhurried.promise
  },
})

test('the answer waits until the delivery is queued', async () => {
  let answered = false
  const answer = slow.post('/ott/v1/send', toLine()).finally(() => (answered = true))
  await asked.promise
  // A whole other exchange with the same server: the answer had its chance.
  await slow.request('GET', '/health/live')
  expect(answered).toBe(false)
  unhurried.resolve()
  expect((await answer).status).toBe(201)
})

const away = () => Promise.reject(new Error("Stream isn't writeable and enableOfflineQueue options is false"))
const cutOff = useIngress({
  enqueue: away,
  findHistory: away,
  registerSender: away,
  listSenders: away,
  removeSender: away,
})
const blind = useIngress({ findSender: away })

const tryAgain = 'The service is unavailable for the moment. Please try again'

test.each([
  ['looking up a sender', () => blind.post('/ott/v1/send', toLine())],
  ['reading a status', () => cutOff.request('GET', '/ott/v1/send/order-4711')],
  ['listing senders', () => cutOff.request('GET', '/ott/v1/registration/line')],
  ['showing a sender', () => blind.request('GET', '/ott/v1/registration/line/1656000000')],
  ['removing a sender', () => cutOff.request('DELETE', '/ott/v1/registration/line/1656000000')],
])('with Redis away, %s is answered with 503 and when to come back', async (_what, call) => {
  const answer = await call()
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(answer.json).toEqual({ message: tryAgain, errorcode: 50300, documentation })
})

test('when Redis goes while a delivery is queued, the answer says that nobody knows, and how to repeat it', async () => {
  const answer = await cutOff.post('/ott/v1/send', toLine())
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
  expect(problemsOf(answer)).toEqual([
    '50300 The service is unavailable for the moment, and it is not known whether the message was taken. Please repeat the ' +
      'request with the same Idempotency-Key: without one it may be delivered twice',
  ])
})

const reasons = new Array<string>()
const full = useIngress({ whyNotNow: () => reasons[0] })

test('while there is a reason to take no messages, sending is answered with 503 and all else as ever', async () => {
  reasons.push('Redis is nearly full')
  const answer = await full.post('/ott/v1/send', toLine())
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
  expect(problemsOf(answer)).toEqual([
    '50300 The service takes no messages for the moment. This one was not taken. Please try again',
  ])
  expect(full.queued).toEqual([])
  expect((await full.request('GET', '/ott/v1/registration/line')).status).toBe(200)
  reasons.length = 0
  expect((await full.post('/ott/v1/send', toLine())).status).toBe(201)
})

const never = () => new Promise<never>(() => undefined)
const hanging = useIngress({
  findClient: async (id) => {
    await setTimeout(400)
    return aClient({ id })
  },
  findSender: never,
  findHistory: never,
})

test.each([
  ['sending', () => hanging.post('/ott/v1/send', toLine())],
  ['reading a status', () => hanging.request('GET', '/ott/v1/send/order-4711')],
])('waits for Redis that follow one another do not add up: %s is answered within a second', async (_what, request) => {
  const answer = request()
  expect(await durationOf(() => answer)).toBeLessThan(1000)
  expect(problemsOf(await answer)).toEqual([`50300 ${tryAgain}`])
})

const overloaded = useIngress({ enqueue: () => Promise.reject(new NotSentInTime('it waited')) })

test('a message that did not come to Redis in time is known not to be taken, and told to be so', async () => {
  const answer = await overloaded.post('/ott/v1/send', toLine())
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
  expect(problemsOf(answer)).toEqual([`50300 ${notTaken}`])
})

test.each([
  ['thrown', () => thrown.post('/ott/v1/send', toLine())],
  ['rejected with', () => rejected.post('/ott/v1/send', toLine())],
])('a fault of our own, %s, is answered with 500, and tells nothing of its cause', async (_what, request) => {
  const answer = await request()
  expect(answer.status).toBe(500)
  expect(problemsOf(answer)).toEqual(['10000 The request failed because of a fault on our side'])
})

const fault = new TypeError('undefined is not a secret')
const rejected = useIngress({ enqueue: () => Promise.reject(fault) })
const thrown = useIngress({
  enqueue: () => {
    throw fault
  },
})

const lines: { msg?: string; level?: string; reason?: string }[] = []
const logging = useIngress({
  logger: createLogger('ingress-test', 'info', { write: (line) => void lines.push(JSON.parse(line)) }),
  enqueue: () => Promise.reject(fault),
  findHistory: away,
})

test('the log has where a fault of our own arose, and of trouble with Redis just what it was', async () => {
  await logging.post('/ott/v1/send', toLine())
  await logging.request('GET', '/ott/v1/send/order-4711')
  const message = "Stream isn't writeable and enableOfflineQueue options is false"
  expect(lines).toEqual([
    expect.objectContaining({ msg: 'request.failed', status: 500, reason: expect.stringMatching(/secret\n +at /) }),
    expect.objectContaining({ msg: 'request.failed', status: 503, reason: message }),
  ])
})
