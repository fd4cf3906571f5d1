import { execFile } from 'node:child_process'

import { expect, test } from '@jest/globals'

import { createLogger } from './logger.ts'

/** What the logger writes for these fields. */
function line(fields: object): string {
  const written: string[] = []
  createLogger('test', 'info', { write: (text) => void written.push(text) }).info(fields, 'delivery.attempted')
  return written.join('')
}

const secretNames = [
  'channelSecret',
  'pageAccessToken',
  'applicationSecret',
  'callbackVerifyToken',
  'authorization',
  'access_token',
]

test.each(secretNames)('a %s is kept out of the log, by itself, in attributes, in headers and in a sender', (name) => {
  const secret = { [name]: 'hunter2' }
  const text = line({ ...secret, attributes: secret, headers: secret, sender: { attributes: secret } })
  expect(text.match(/\[redacted\]/g)).toHaveLength(4)
  expect(text).not.toContain('hunter2')
})

test('a line names its program, its level and its time in words', () => {
  expect(JSON.parse(line({ deliveryId: 'd-1' }))).toMatchObject({
    program: 'test',
    level: 'info',
    msg: 'delivery.attempted',
    deliveryId: 'd-1',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  })
})

test('a line tells the time that it was written at, to the millisecond', () => {
  for (const earliest = Date.now(); Date.now() < earliest + 20;) {
    const before = Date.now()
    const { time } = JSON.parse(line({}))
    expect(new Date(time).toISOString()).toBe(time)
    expect(Date.parse(time)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(time)).toBeLessThanOrEqual(Date.now())
  }
})

test.each(['process.exit(1)', 'throw new Error("x")', 'setTimeout(() => undefined, 500)'])(
  'what a program logged before it came to %s is written',
  async (end) => {
    const module = JSON.stringify(new URL('logger.js', import.meta.url).href)
    const program = `import { createLogger } from ${module}
      createLogger('test', 'info').info('program.started')
      ${end}`
    const { promise, resolve } = Promise.withResolvers<string>()
    execFile(process.execPath, ['--input-type=module', '--eval', program], (_error, output) => resolve(output))
    expect(JSON.parse(await promise)).toMatchObject({ msg: 'program.started' })
  },
)

test('a secret is found at a depth of three, and what has none in it is left as it is', () => {
  expect(JSON.parse(line({ a: { b: { access_token: 'hunter2', c: 1 } }, d: [1], err: new Error('x') }))).toMatchObject({
    a: { b: { access_token: '[redacted]', c: 1 } },
    d: [1],
    err: { message: 'x' },
  })
})

test.each([
  ['in a list', (secret: object) => ({ senders: [{ attributes: secret }] })],
  [
    'in an object without a prototype, as undici has headers',
    (secret: object) => ({ headers: Object.assign(Object.create(null), secret) }),
  ],
  ['in an object of a class', (secret: object) => ({ client: Object.assign(new Map(), secret) })],
  ['in an error', (secret: object) => ({ err: Object.assign(new Error('x'), secret) })],
  ['in what an error carries', (secret: object) => ({ err: Object.assign(new Error('x'), { attributes: secret }) })],
])('a secret %s is kept out of the log', (_where, place) => {
  const text = line({ deliveryId: 'd-1', ...place({ channelSecret: 'hunter2' }) })
  expect(text).toContain('d-1')
  expect(text).not.toContain('hunter2')
})

test('a line of an error whose secret is kept out has its type, its message, its stack and its cause', () => {
  const err = Object.assign(new TypeError('x', { cause: new Error('y') }), { channelSecret: 'hunter2', code: 'E1' })
  expect(JSON.parse(line({ err }))).toMatchObject({
    err: { type: 'TypeError', message: 'x: y', stack: expect.stringContaining('logger.test'), code: 'E1' },
  })
})
