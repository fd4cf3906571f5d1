import { expect, test } from '@jest/globals'

import { aDelivery } from './a-delivery.ts'
import { Places } from './places.ts'
import { logger } from './testing.ts'

/** For how long each of so many deliveries of one sender is put off, in seconds. */
function waits(count: number, isReply: boolean, places = new Places({ concurrency: 4, logger })): number[] {
  return Array.from({ length: count }, () => places.waitOf(aDelivery(), isReply) / 1000)
}

test('what is put off of a slow sender comes up again piece by piece, at the latest after a minute', () => {
  const [first, ...others] = waits(10_000, false)
  expect(first).toBeCloseTo(2, 1)
  expect(others[999]).toBeCloseTo(12, 0)
  expect(Math.max(...others)).toBeLessThanOrEqual(60.01)
})

test('a slow sender’s replies come up again within ten seconds, and not behind its campaign', () => {
  const places = new Places({ concurrency: 4, logger })
  waits(5000, false, places)
  const [first, ...others] = waits(5000, true, places)
  expect(first).toBeCloseTo(2, 1)
  expect(others[399]).toBeCloseTo(6, 0)
  expect(Math.max(...others)).toBeLessThanOrEqual(10.01)
})
