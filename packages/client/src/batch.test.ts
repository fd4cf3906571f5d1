import { expect, test } from '@jest/globals'

import type { BatchRequest } from './batch.ts'
import { accepted, refused, useScriptedApi } from './use-scripted-api.ts'

const api = useScriptedApi()

const request = (messageKey: string): BatchRequest => ({
  messageKey,
  from: { senderType: 'line', senderId: '1234567890' },
  to: { ottId: 'U0123456789abcdef0123456789abcdef' },
  message: { contents: [{ type: 'text', text: 'Your table is ready' }] },
  validityPeriod: 'PT30M',
})
const items = (...answers: object[]) => ({ status: 207, body: { items: answers } })
const taken = (ottRequestId: string) => ({ status: 201, ottRequestId })
const unavailable = { status: 503, message: 'Please try again', errorcode: 50300, retryAfter: 0 }
const wrong = { status: 400, message: 'Please fix the following errors', errorcode: 10006 }
/** What each call of the batch held. */
const sent = () => api.received.map(({ body }) => (Array.isArray(body) ? body.map((item) => item.messageKey) : body))

test('each request has a key of its own, and is answered in its place', async () => {
  api.answer(() => items(taken('one'), wrong, { ...taken('three'), idempotencyReplayed: true }))
  const answers = await api
    .client()
    .sendBatch([request('a'), request('b'), { ...request('c'), idempotencyKey: 'mine' }])
  expect(answers).toMatchObject([
    { accepted: true, ottRequestId: 'one', replayed: false },
    { accepted: false, error: { name: 'OttError', status: 400, errorcode: 10006, retryable: false } },
    { accepted: true, ottRequestId: 'three', replayed: true },
  ])
  expect(api.received).toMatchObject([
    {
      url: '/ott/v1/send/batch',
      body: [
        { idempotencyKey: expect.any(String) },
        { idempotencyKey: expect.any(String) },
        { idempotencyKey: 'mine' },
      ],
    },
  ])
})

test('those that may go through later are sent again with their keys, and no other', async () => {
  api.answer((_call, number) =>
    number === 1 ? items(unavailable, taken('b'), wrong, unavailable) : items(taken('a'), taken('d')),
  )
  const answers = await api.client().sendBatch(['a', 'b', 'c', 'd'].map(request))
  expect(answers).toMatchObject([
    { ottRequestId: 'a' },
    { ottRequestId: 'b' },
    { accepted: false },
    { ottRequestId: 'd' },
  ])
  expect(sent()).toEqual([
    ['a', 'b', 'c', 'd'],
    ['a', 'd'],
  ])
  const keys = api.received.map(({ body }) => (Array.isArray(body) ? body.map((item) => item.idempotencyKey) : []))
  expect([keys[0]?.[0], keys[0]?.[3]]).toEqual(keys[1])
})

test('what was accepted is told, whatever becomes of the others', async () => {
  api.answer((_call, number) => (number === 1 ? items(taken('a'), unavailable) : 'cut'))
  const answers = await api.client({ retries: 1 }).sendBatch([request('a'), request('b')])
  expect(answers).toMatchObject([{ ottRequestId: 'a' }, { accepted: false, error: { status: 503, retryable: true } }])
})

test('a batch that is refused as a whole, or never answered, rejects', async () => {
  api.answer(() => refused(403, 20002))
  await expect(api.client().sendBatch([request('a')])).rejects.toMatchObject({ name: 'OttError', status: 403 })
  api.answer(() => 'cut')
  await expect(api.client({ retries: 1 }).sendBatch([request('a')])).rejects.toMatchObject({ status: undefined })
})

test.each([accepted(), items(), items({ status: 201 }, {}), items({})])(
  'an answer that is no batch’s, %j, says to check the url',
  async (answer) => {
    api.answer(() => answer)
    await expect(api.client().sendBatch([request('a')])).rejects.toThrow('Check the url.')
  },
)

test('an empty batch is not sent, and one that is too long is refused at once', async () => {
  const client = api.client()
  expect(await client.sendBatch([])).toEqual([])
  await expect(client.sendBatch(Array.from({ length: 1001 }, () => request('a')))).rejects.toThrow(RangeError)
  expect(api.received).toEqual([])
})
