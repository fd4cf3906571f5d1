import { expect, test } from '@jest/globals'

import { Arrivals } from './arrivals.ts'

test('a message counts as arrived when it came first', () => {
  const arrivals = new Arrivals()
  arrivals.start(10, 3)
  arrivals.note(11, 5)
  arrivals.note(11, 9)
  expect(arrivals.at).toEqual([null, 5, null])
})

test('messages that nobody asked about are counted, and nothing else', () => {
  const arrivals = new Arrivals()
  arrivals.start(10, 1)
  arrivals.note(undefined, 5)
  arrivals.note(9, 6)
  arrivals.note(11, 8)
  expect(arrivals.at).toEqual([null])
  expect(arrivals.count).toEqual({ count: 3, firstAt: 5, lastAt: 8 })
})
