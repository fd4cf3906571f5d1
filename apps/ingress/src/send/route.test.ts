import { expect, test } from '@jest/globals'
import type { Delivery } from '@ott/delivery'

import { documentation, problemsOf, useIngress } from '../use-ingress.ts'
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

test.each([
  ['sending', () => cutOff.post('/ott/v1/send', toLine())],
  ['looking up a sender', () => blind.post('/ott/v1/send', toLine())],
  ['reading a status', () => cutOff.request('GET', '/ott/v1/send/order-4711')],
  ['listing senders', () => cutOff.request('GET', '/ott/v1/registration/line')],
  ['showing a sender', () => blind.request('GET', '/ott/v1/registration/line/1656000000')],
  ['removing a sender', () => cutOff.request('DELETE', '/ott/v1/registration/line/1656000000')],
])('with Redis away, %s is answered with 503 and when to come back', async (_what, call) => {
  const answer = await call()
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(answer.json).toEqual({
    message: 'The service is unavailable for the moment. Please try again',
    errorcode: 50300,
    documentation,
  })
})

test('a fault of our own is answered with 500, and tells nothing of its cause', async () => {
  const answer = await broken.post('/ott/v1/send', toLine())
  expect(answer.status).toBe(500)
  expect(problemsOf(answer)).toEqual(['10000 The request failed because of a fault on our side'])
})

const broken = useIngress({
  enqueue: () => {
    throw new TypeError('undefined is not a secret')
  },
})
