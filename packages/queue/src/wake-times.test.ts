import { expect, test } from '@jest/globals'

import { WakeTimes } from './wake-times.ts'

test('a backlog that is put off together comes up again one after the other, each sender by itself', () => {
  const wakes = new WakeTimes()
  const times = Array.from({ length: 50_000 }, () => wakes.next('a', 5000, 10))
  expect(times.slice(0, 3)).toEqual([5000, 5010, 5020])
  expect(times.at(-1)).toBe(5000 + 499_990)
  expect(wakes.next('b', 5000, 10)).toBe(5000)
  expect(wakes.next('a', 900_000, 10)).toBe(900_000)
})
