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
