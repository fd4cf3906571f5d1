import { expect, test } from '@jest/globals'
import { deferred } from '@ott/delivery'

import { attemptsMax, waitMs } from './backoff.ts'
import { DeliveryDeferred } from './settle.ts'

const never = () => 0
const always = () => 1

function said(retryAfterMs?: number): DeliveryDeferred {
  return new DeliveryDeferred(deferred('throttled', 'slow down', { retryAfterMs }))
}

test('waits grow from a second to two hours, over eight attempts', () => {
  const waits = Array.from({ length: attemptsMax - 1 }, (_, made) => waitMs(made + 1, said(), never) / 1000)
  expect(waits).toEqual([1, 5, 30, 120, 600, 1800, 7200])
})

test('up to a fifth is added, so that deliveries deferred together do not come back together', () => {
  expect(waitMs(1, said(), always)).toBe(1200)
})

test('the network’s own word on when goes before the schedule, and is never undercut', () => {
  expect(waitMs(1, said(7 * 60_000), never)).toBe(7 * 60_000)
  expect(waitMs(7, said(10), always)).toBe(12)
})

test('a network’s word of years is taken as a day', () => {
  expect(waitMs(1, said(1e12), never)).toBe(24 * 60 * 60 * 1000)
})
