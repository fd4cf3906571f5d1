import { expect, test } from '@jest/globals'

import { indexOf, toBody } from './message.ts'

test.each([0, 7, 123_456, 9_999_999])('the request of message %p has 330 bytes', (index) => {
  expect(Buffer.byteLength(toBody(index, 3))).toBe(330)
})

test('the network tells a message by its mark', () => {
  const { message }: { message: { contents: unknown[] } } = JSON.parse(toBody(4711, 0))
  expect(indexOf(JSON.stringify({ to: 'U1', messages: message.contents }))).toBe(4711)
  expect(indexOf('{}')).toBeUndefined()
})
