import { expect, test } from '@jest/globals'

import { percentile, ratios, spreadOf } from './statistics.ts'

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

test.each([
  [0.5, 50],
  [0.99, 99],
  [0.999, 100],
  [1, 100],
  [0, 1],
])('so large a share of the values as %p is no larger than its percentile', (share, expected) => {
  expect(percentile(hundred, share)).toBe(expected)
})

test('of no values there is neither percentile nor spread', () => {
  expect(percentile([], 0.5)).toBeNaN()
  expect(spreadOf([])).toBeUndefined()
})

test('a message that never arrived is slower than any that did', () => {
  expect(percentile([3, Infinity, 1], 1)).toBe(Infinity)
})

test('the median of an even number of values is between the two in the middle', () => {
  expect(spreadOf([8, 1, 2, 4])).toEqual({ median: 3, min: 1, max: 8 })
  expect(spreadOf([7, 1, 2])).toEqual({ median: 2, min: 1, max: 7 })
})

test('each round is compared with itself, so that a slower machine changes nothing', () => {
  expect(ratios([1, 10, 3], [2, 20, 6])).toEqual([0.5, 0.5, 0.5])
})

test('what was measured of one alone, or against nothing, has no ratio', () => {
  expect(ratios([1, 2], [4])).toEqual([0.25])
  expect(ratios([1], [0])).toEqual([])
})
