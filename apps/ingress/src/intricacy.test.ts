import { expect, test } from '@jest/globals'

import { toLine } from './send/requests.ts'
import { problemsOf, useIngress } from './use-ingress.ts'

const ingress = useIngress()

const zeros = (length: number) => Array.from({ length }, () => 0)
const nested = (levels: number, outside: string, inside: string) => outside.repeat(levels) + 1 + inside.repeat(levels)
const tooDeep = '10003 The request body is nested deeper than 100 levels'
const tooWide = '10003 The request body has more than 1000 values side by side'

test.each([
  ['a body nested without end', nested(100_000, '[', ']'), tooDeep],
  ['a payload nested too deeply', `{"message":{"contents":[{"payload":${nested(97, '{"a":', '}')}}]}}`, tooDeep],
  ['a list too long', JSON.stringify({ list: zeros(1001) }), tooWide],
  ['an object with too many properties', JSON.stringify(Object.assign({}, zeros(1001))), tooWide],
])('%s is refused, on every path that takes one', async (_what, body, problem) => {
  for (const path of ['/ott/v1/send', '/ott/v1/registration']) {
    const answer = await ingress.post(path, body)
    expect(answer.status).toBe(400)
    expect(problemsOf(answer)).toEqual([problem])
  }
})

test('a token request nested without end is refused', async () => {
  const { status, json } = await ingress.post('/v2/token', nested(4000, '[', ']'))
  expect(status).toBe(400)
  expect(json).toMatchObject({ error: 'invalid_request' })
})

test('a payload as deep as bodies may be is handed on as it came', async () => {
  const payload = JSON.parse(`{"type":"x","a":${'{"a":'.repeat(94)}1${'}'.repeat(94)}}`)
  const sent = await ingress.post('/ott/v1/send', toLine({ message: { contents: [{ type: 'native', payload }] } }))
  expect(sent.status).toBe(201)
  expect(ingress.queued[0]?.contents).toEqual([{ type: 'native', payload }])
})
