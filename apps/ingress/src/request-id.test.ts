import { beforeEach, expect, test } from '@jest/globals'
import { createLogger } from '@ott/runtime'

import { toLine } from './send/requests.ts'
import { useIngress } from './use-ingress.ts'

const lines: string[] = []
beforeEach(() => void (lines.length = 0))
const logger = createLogger('ingress-test', 'info', { write: (line) => void lines.push(line) })
const ingress = useIngress({ logger })

const send = (headers: Record<string, string>, body: unknown = toLine()) =>
  ingress.request('POST', '/ott/v1/send', {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

test('a request’s own id is told in the answer and goes with its log lines', async () => {
  const headers = { 'x-request-id': 'shop-4711:a.b_c=' }
  expect((await send(headers)).headers.get('x-request-id')).toBe('shop-4711:a.b_c=')
  await send(headers, {})
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: 'delivery.queued', requestId: 'shop-4711:a.b_c=' },
    { msg: 'request.refused', requestId: 'shop-4711:a.b_c=' },
  ])
})

test.each(['', 'a b', 'x'.repeat(129), '{"a":1}', '<b>', 'é'])(
  'in place of the id %j a request gets one',
  async (id) => {
    const given = (await send({ 'x-request-id': id })).headers.get('x-request-id')
    expect(given).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/)
    expect(JSON.parse(String(lines[0]))).toMatchObject({ requestId: given })
  },
)

test('without an id each request gets one of its own, found or not', async () => {
  const answers = [
    await send({}),
    await send({}),
    await ingress.request('GET', '/nowhere'),
    await ingress.post('/v2/token', {}),
  ]
  const ids = answers.map(({ headers }) => headers.get('x-request-id'))
  expect(new Set(ids).size).toBe(4)
  expect(ids).not.toContain(null)
})
