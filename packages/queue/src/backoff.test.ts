import { expect, test } from '@jest/globals'

import { attemptsMax, waitMs, type Waiting } from './backoff.ts'

const never = () => 0
const always = () => 1

/** The wait after a first attempt, unless told otherwise. */
function wait(changes: Partial<Waiting> = {}, chance = never): number {
  return waitMs({ attempts: 1, now: 0, ...changes }, chance)
}

test('waits grow from a second to two hours, over eight attempts', () => {
  const waits = Array.from({ length: attemptsMax - 1 }, (_, made) => wait({ attempts: made + 1 }) / 1000)
  expect(waits).toEqual([1, 5, 30, 120, 600, 1800, 7200])
})

test('while its validity lasts a delivery is tried every two hours', () => {
  expect(wait({ attempts: 40, expiresAt: 30 * 24 * 3_600_000 })).toBe(7_200_000)
})

test('up to a fifth is added, so that deliveries deferred together do not come back together', () => {
  expect(wait({}, always)).toBe(1200)
})

test('the network’s own word on when goes before the schedule, and is never undercut', () => {
  expect(wait({ retryAfterMs: 7 * 60_000 })).toBe(7 * 60_000)
  expect(wait({ attempts: 7, retryAfterMs: 10 }, always)).toBe(12)
})

test('a network’s word of years is taken as a day', () => {
  expect(wait({ retryAfterMs: 1e12 })).toBe(24 * 60 * 60 * 1000)
})

test('as its validity nears its end a delivery is tried at half of the time that is left', () => {
  expect(wait({ attempts: 5, expiresAt: 100_000 })).toBe(50_000)
  expect(wait({ attempts: 6, now: 50_000, expiresAt: 100_000 })).toBe(25_000)
})

test('in the last seconds of its validity a delivery is tried no more, and comes up when it has ended', () => {
  expect(wait({ attempts: 6, expiresAt: 3999 })).toBe(3999)
})

test('a delivery that the network will take only after its validity comes up when that has ended', () => {
  expect(wait({ retryAfterMs: 600_000, expiresAt: 100_000 })).toBe(100_000)
})

test('a delivery whose validity has ended meanwhile comes up at once, to be told so', () => {
  expect(wait({ now: 200_000, expiresAt: 100_000 })).toBe(0)
})
