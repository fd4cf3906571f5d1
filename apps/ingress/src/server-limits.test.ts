import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { listen, type Listening } from '@ott/runtime'

import { exchange } from './raw-exchange.ts'
import { createServerLimits } from './server-limits.ts'
import { documentation, useIngress } from './use-ingress.ts'

const ingress = useIngress()

const post = (...headers: string[]) =>
  [
    'POST /v2/token HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    'Connection: close',
    ...headers,
    '',
    '',
  ].join('\r\n')

const improper = 'The request is not proper HTTP'
const faults: [string, string, number, string][] = [
  ['two lengths', `${post('Content-Length: 2', 'Content-Length: 3')}{}x`, 400, improper],
  ['a length and chunks', `${post('Content-Length: 2', 'Transfer-Encoding: chunked')}{}`, 400, improper],
  ['a length that is no number', `${post('Content-Length: 0x2')}{}`, 400, improper],
  ['a negative length', `${post('Content-Length: -2')}{}`, 400, improper],
  ['a length with a sign', `${post('Content-Length: +2')}{}`, 400, improper],
  ['a length without end', `${post(`Content-Length: ${'9'.repeat(40)}`)}{}`, 400, improper],
  ['chunks that are none', `${post('Transfer-Encoding: chunked')}no chunk`, 400, improper],
  ['an encoding that hides chunks', `${post('Transfer-Encoding: xchunked')}{}`, 400, improper],
  ['chunks twice encoded', `${post('Transfer-Encoding: chunked, identity')}{}`, 400, improper],
  ['words', 'HELO mail\r\n\r\n', 400, improper],
  ['a header in two lines', `${post('X: a\r\n b: c\nContent-Length: 2')}{}`, 400, improper],
  ['a zero byte in a header', `${post('X: a\0b')}{}`, 400, improper],
  ['headers without end', post(`X: ${'x'.repeat(20_000)}`), 431, 'The headers of the request are too large'],
  ['an expectation', `${post('Expect: a miracle', 'Content-Length: 2')}{}`, 417, 'Expect must be 100-continue'],
]

test.each(faults)(
  'a request with %s is answered with the envelope, and its connection closed',
  async (_what, bytes, status, message) => {
    const answer = await exchange(ingress.url(), bytes)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(body)).toMatchObject({ message, documentation })
  },
)

test('whoever asks whether to go on is told so', async () => {
  const answer = await exchange(ingress.url(), `${post('Expect: 100-continue', 'Content-Length: 2')}{}`)
  expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 400 /)
})

let hasty: Listening
beforeAll(async () => {
  const limits = createServerLimits('', { headersTimeout: 150, requestTimeout: 200, connectionsCheckingInterval: 20 })
  hasty = await listen((request) => void request.resume(), { host: '127.0.0.1', port: 0, variable: 'PORT', ...limits })
})
afterAll(() => hasty.close())

test.each([
  ['its headers', 'POST /v2/token HTTP/1.1\r\nHost: x\r\nX-'],
  ['its body', `${post('Content-Length: 1000')}{`],
  ['anything at all', ''],
])('a client that does not go on with %s is cut off', async (_what, bytes) => {
  const answer = await exchange(hasty.url, bytes)
  expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n[^]*\{"message":"The request did not arrive in time",/)
})
