import { expect, test } from '@jest/globals'

import { callbackAttemptsMax, callbackWaitMs, endpointPauseMs } from './callback-schedule.ts'

const never = () => 0

test('a callback is tried ten times, over three days', () => {
  const waits = Array.from({ length: callbackAttemptsMax - 1 }, (_, index) => callbackWaitMs(index + 1, 0, never))
  expect(waits.slice(0, 3)).toEqual([5000, 300_000, 1_800_000])
  expect(waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000).toBeCloseTo(75.58, 1)
})

test('an endpoint that asks for a longer wait gets it, up to a day; one that asks for a shorter one does not', () => {
  expect(callbackWaitMs(1, 60_000, never)).toBe(60_000)
  expect(callbackWaitMs(2, 1000, never)).toBe(300_000)
  expect(callbackWaitMs(1, 1e12, never)).toBe(86_400_000)
})

test('callbacks of one outage do not come back together', () => {
  expect(callbackWaitMs(1, 0, () => 0.999)).toBeGreaterThan(5400)
})

test('an endpoint that fails is left alone for longer each time, up to a minute, and as long as it asks', () => {
  expect([1, 2, 3, 7, 50].map((failures) => endpointPauseMs(failures))).toEqual([1000, 2000, 4000, 60_000, 60_000])
  expect(endpointPauseMs(1, 120_000)).toBe(120_000)
})
