import { expect, test } from '@jest/globals'

import { createLogger } from './logger.ts'

/** What the logger writes for these fields. */
function line(fields: object): string {
  const written: string[] = []
  createLogger('test', 'info', { write: (text) => void written.push(text) }).info(fields, 'delivery.attempted')
  return written.join('')
}

test.each([
  'channelSecret',
  'pageAccessToken',
  'applicationSecret',
  'callbackVerifyToken',
  'authorization',
  'access_token',
])('a %s never reaches the log, however deep it lies', (name) => {
  const text = line({
    [name]: 'hunter2',
    attributes: { [name]: 'hunter2' },
    sender: { attributes: { [name]: 'hunter2' } },
  })
  expect(text).toContain('[redacted]')
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
