import { expect, test } from '@jest/globals'
import { Scope } from '@ott/registry'
import { createLogger } from '@ott/runtime'

import { exchange } from '../raw-exchange.ts'
import { accessTokens, aClient, problemsOf, useIngress } from '../use-ingress.ts'
import { toLine } from './requests.ts'

const logged: string[] = []
const ingress = useIngress({
  logger: createLogger('ingress-test', 'info', { write: (line) => void logged.push(line) }),
})

const send = (key: string) =>
  ingress.request('POST', '/ott/v1/send', {
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(toLine()),
  })

const malformed =
  'must be visible ASCII characters; with a space, a comma, a quote or a backslash it must stand in double quotes'

test.each([
  ['empty', '', 'must not be empty'],
  ['an empty string', '""', 'must not be empty'],
  ['longer than 255 characters', 'x'.repeat(256), 'is longer than 255 characters'],
  ['a string longer than 255 characters', `"${'x'.repeat(256)}"`, 'is longer than 255 characters'],
  ['a string without an end', '"order', malformed],
  ['a string with a quote in it', '"or"der"', malformed],
  ['a string with an escape that is none', String.raw`"or\der"`, malformed],
  ['a string with a parameter', '"order";a=1', malformed],
  ['two words', 'order 1', malformed],
  ['a list', 'order,order', malformed],
  ['not of ASCII', 'café', malformed],
])('a key that is %s is refused', async (_what, key, problem) => {
  const answer = await send(key)
  expect(answer.status).toBe(400)
  expect(problemsOf(answer)).toEqual([`10005 The Idempotency-Key ${problem}`])
  expect(ingress.queued).toEqual([])
})

test('two keys are refused', async () => {
  const token = await accessTokens.issue(aClient(), Scope.options)
  const body = JSON.stringify(toLine())
  const answer = await exchange(
    ingress.url(),
    ['POST /ott/v1/send HTTP/1.1', 'Host: x', `Authorization: Bearer ${token}`, 'Content-Type: application/json'].join(
      '\r\n',
    ),
    [
      '',
      'Idempotency-Key: a',
      'Idempotency-Key: b',
      `Content-Length: ${body.length}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
  expect(answer).toMatch(/^HTTP\/1.1 400 [^]*"The Idempotency-Key header must be sent only once","errorcode":10005/)
  expect(ingress.queued).toEqual([])
})

test.each([
  ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  [String.raw`"a \"b\" \\c"`, String.raw`"a \"b\" \\c"`],
  ['x'.repeat(255), `"${'x'.repeat(255)}"`],
  ['order:4711/a+b=c;d', '"order:4711/a+b=c;d"'],
])('a key is the same with and without quotes: %s', async (one, other) => {
  const [first, second] = [await send(one), await send(other)]
  expect(first.status).toBe(201)
  expect(second.json).toEqual(first.json)
  expect(ingress.queued).toHaveLength(1)
})

test('the log tells repeats apart from first requests, and a key only by a part of its hash', async () => {
  logged.length = 0
  for (const _ of [1, 2]) await send('erin@example.com')
  const lines = logged.map((line): unknown => JSON.parse(line))
  const keyHash = expect.stringMatching(/^[\da-f]{16}$/)
  expect(lines).toEqual([
    expect.objectContaining({ msg: 'delivery.queued', deliveryId: ingress.queued[0]?.id, network: 'line', keyHash }),
    expect.objectContaining({ msg: 'delivery.repeated', deliveryId: ingress.queued[0]?.id, keyHash }),
  ])
  expect(logged.join('')).not.toContain('erin')
})
