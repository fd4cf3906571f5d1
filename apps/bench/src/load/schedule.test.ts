import { expect, test } from '@jest/globals'

import { Schedule } from './schedule.ts'

test('messages are due evenly', () => {
  const schedule = new Schedule(500, 3)
  expect([0, 1, 2].map((index) => schedule.dueAt(index))).toEqual([0, 2, 4])
})

test('each message is due once, and in order', () => {
  const schedule = new Schedule(1000, 10)
  expect(schedule.due(0)).toEqual([0])
  expect(schedule.due(2.5)).toEqual([1, 2])
  expect(schedule.due(2.6)).toEqual([])
})

test('a generator that was held up sends all it has missed, each with the time it was due at', () => {
  const schedule = new Schedule(100, 5)
  expect(schedule.due(5000)).toEqual([0, 1, 2, 3, 4])
  expect(schedule.done).toBe(true)
  expect(schedule.dueAt(1)).toBe(10)
})
