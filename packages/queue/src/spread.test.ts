import { expect, test } from '@jest/globals'

import { Spread } from './spread.ts'

test('deliveries that wait for the same throttle come back one after the other, at the rate', () => {
  const spread = new Spread(100)
  const wakes = Array.from({ length: 50_000 }, () => spread.wakeAt('shop', '1', { until: 5000 }))
  expect(wakes.slice(0, 3)).toEqual([5000, 5010, 5020])
  expect(wakes.at(-1)).toBe(5000 + 499_990)
})

test('the next throttle begins anew, and each sender is counted by itself', () => {
  const spread = new Spread(100)
  spread.wakeAt('shop', '1', { until: 5000 })
  expect(spread.wakeAt('shop', '2', { until: 5000 })).toBe(5000)
  expect(spread.wakeAt('bank', '1', { until: 5000 })).toBe(5000)
  expect(spread.wakeAt('shop', '1', { until: 5000 })).toBe(5010)
  expect(spread.wakeAt('shop', '1', { until: 9000 })).toBe(9000)
})
