import { gzipSync } from 'node:zlib'

import { beforeEach, expect, test } from '@jest/globals'
import { createLogger } from '@ott/runtime'

import { toLine } from './send/requests.ts'
import { documentation, problemsOf, useIngress } from './use-ingress.ts'

const ingress = useIngress()

const json = { 'content-type': 'application/json' }
const body = JSON.stringify(toLine())
const send = (headers: Record<string, string>, content: string | Uint8Array<ArrayBuffer> | undefined) =>
  ingress.request('POST', '/ott/v1/send', { headers, body: content ?? null })

const faults: [string, () => ReturnType<typeof send>, number, string][] = [
  ['a body that is not JSON', () => send(json, '{"from":'), 400, '10004 The request body is not valid JSON'],
  ['a body of words', () => send(json, 'hello'), 400, '10004 The request body is not valid JSON'],
  ['an empty body', () => send(json, ''), 400, '10004 The request body is empty'],
  [
    'an empty body that is gzipped',
    () => send({ ...json, 'content-encoding': 'gzip' }, new Uint8Array(gzipSync(''))),
    400,
    '10004 The request body is empty',
  ],
  [
    'bytes that are no UTF-8',
    () => send(json, new Uint8Array([0x22, 0xff, 0xfe, 0x22])),
    400,
    '10004 The request body is not valid UTF-8',
  ],
  ['no body', () => send({}, undefined), 400, '10004 The request body is empty'],
  [
    'a body of unknown kind',
    () => send({ 'content-type': '' }, body),
    415,
    '10003 The Content-Type must be application/json',
  ],
  [
    'a form',
    () => send({ 'content-type': 'application/x-www-form-urlencoded' }, 'a=b'),
    415,
    '10003 The Content-Type must be application/json',
  ],
  [
    'plain text',
    () => send({ 'content-type': 'text/plain' }, body),
    415,
    '10003 The Content-Type must be application/json',
  ],
  [
    'a charset of its own',
    () => send({ 'content-type': 'application/json; charset=latin1' }, body),
    415,
    '10003 The charset must be utf-8',
  ],
  [
    'an encoding of its own',
    () => send({ ...json, 'content-encoding': 'zip' }, body),
    415,
    '10003 The Content-Encoding must be gzip, deflate, br or identity',
  ],
  [
    'a broken encoding',
    () => send({ ...json, 'content-encoding': 'gzip' }, body),
    400,
    '10004 The request body could not be read',
  ],
  [
    'a body too large',
    () => send(json, `"${'x'.repeat(262_144)}"`),
    413,
    '10000 The request body is larger than 262144 bytes',
  ],
  [
    'a body too large once it is unpacked',
    () => send({ ...json, 'content-encoding': 'gzip' }, new Uint8Array(gzipSync(Buffer.alloc(5_000_000, 32)))),
    413,
    '10000 The request body is larger than 262144 bytes',
  ],
  ['an unknown path', () => ingress.request('GET', '/ott/v2/send'), 404, '30003 There is nothing at this path'],
  ['the root', () => ingress.request('GET', '/'), 404, '30003 There is nothing at this path'],
  [
    'another question of health',
    () => ingress.request('GET', '/health/secrets'),
    404,
    '30003 There is nothing at this path',
  ],
  [
    'a path that is not encoded',
    () => ingress.request('GET', '/ott/v1/send/%E0%A4'),
    400,
    '10003 The path is not properly encoded',
  ],
]

test.each(faults)('%s is answered with the envelope', async (_what, call, status, problem) => {
  const answer = await call()
  expect(answer.status).toBe(status)
  expect(problemsOf(answer)).toEqual([problem])
  expect(answer.json).toHaveProperty('documentation', documentation)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(ingress.queued).toEqual([])
})

test.each([
  ['GET', '/ott/v1/send', 'POST'],
  ['OPTIONS', '/ott/v1/send', 'POST'],
  ['POST', '/ott/v1/send/order-4711', 'GET, HEAD'],
  ['DELETE', '/ott/v1/send/order-4711', 'GET, HEAD'],
  ['PUT', '/ott/v1/registration', 'POST'],
  ['POST', '/ott/v1/registration/line', 'GET, HEAD'],
  ['PATCH', '/ott/v1/registration/line/1656000000', 'GET, HEAD, DELETE'],
])('%s %s is answered with 405 and what the path takes', async (method, path, allow) => {
  const answer = await ingress.request(method, path)
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe(allow)
  expect(problemsOf(answer)).toEqual([`30003 This path takes only ${allow}`])
})

test.each(['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.ott+json'])(
  'a body of %s is read',
  async (type) => {
    expect((await send({ 'content-type': type }, body)).status).toBe(201)
  },
)

test('a packed body is read', async () => {
  const packed = new Uint8Array(gzipSync(body))
  expect((await send({ ...json, 'content-encoding': 'gzip' }, packed)).status).toBe(201)
})

test('what is wrong with a body never comes back with what was in it', async () => {
  expect((await send(json, '{"text":"private",}')).text).not.toContain('private')
})

test('the public port answers for health as well', async () => {
  expect(await ingress.request('GET', '/health/live')).toMatchObject({ status: 200, json: { status: 'ok' } })
  expect(await ingress.request('GET', '/health/ready')).toMatchObject({ status: 200, json: { status: 'ok' } })
})

const lines: string[] = []
beforeEach(() => void (lines.length = 0))
const logger = createLogger('ingress-test', 'info', { write: (line) => void lines.push(line) })
const logging = useIngress({
  logger,
  // As an error of Redis does, it carries the command, and so what was sent.
  enqueue: () => Promise.reject(Object.assign(new Error('Command timed out'), { command: { args: [body] } })),
})

test('a refusal is logged with its problems, and without what was sent', async () => {
  await logging.post('/ott/v1/send', toLine({ validityPeriod: '', messageGroupKey: 'private' }))
  expect(lines).toHaveLength(1)
  expect(JSON.parse(String(lines[0]))).toMatchObject({
    level: 'info',
    msg: 'request.refused',
    status: 400,
    errorcode: 10006,
    route: '/ott/v1/send',
    problems: ['Validity Period must be provided'],
  })
  expect(lines[0]).not.toMatch(/private|U0123456789/)
})

test('what a client puts into a path is not logged', async () => {
  await logging.request('GET', '/ott/v1/send/private')
  await logging.request('GET', '/private')
  expect(lines.map((line) => JSON.parse(line).route)).toEqual(['/ott/v1/send/:messageId', undefined])
  expect(lines.join('')).not.toContain('private')
})

test('a failure is logged with its cause, and without what was sent', async () => {
  await logging.post('/ott/v1/send', toLine())
  expect(lines).toHaveLength(1)
  expect(JSON.parse(String(lines[0]))).toMatchObject({
    level: 'error',
    msg: 'request.failed',
    status: 503,
    reason: expect.stringContaining('Command timed out'),
  })
  expect(lines[0]).not.toMatch(/U0123456789|Hello/)
})
