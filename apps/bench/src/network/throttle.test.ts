import { expect, test } from '@jest/globals'

import { Throttle } from './throttle.ts'

test('so many messages are taken in each second, and others do not count', () => {
  const throttle = new Throttle(10, 2)
  const taken = [10, 11, 12, 9, undefined].map((index) => throttle.takes(index, 1500))
  expect(taken).toEqual([true, true, false, true, true])
  expect(throttle.takes(13, 2000)).toBe(true)
})
