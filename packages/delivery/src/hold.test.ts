import { expect, test } from '@jest/globals'

import { type Hold, passage } from './hold.ts'

const throttled: Hold = {
  kind: 'throttled',
  reason: 'throttled',
  message: 'LINE answered 429',
  since: 1000,
  until: 2000,
  waitMs: 1000,
  strikes: 1,
  revision: 'r1',
}
const parked: Hold = { ...throttled, kind: 'parked', reason: 'credentials' }

test('a sender that is not held back sends', () => {
  expect(passage(undefined, 'r1', 'd1', 1500)).toBe('pass')
})

test('a throttled sender sends again by itself when its time has come', () => {
  expect(passage(throttled, 'r1', 'd1', 1999)).toBe('held')
  expect(passage(throttled, 'r1', 'd1', 2000)).toBe('pass')
})

test('a parked sender’s deliveries wait, however long, but for the one that is let through as a probe', () => {
  expect(passage(parked, 'r1', 'd1', 1e15)).toBe('held')
  expect(passage({ ...parked, probe: 'd2' }, 'r1', 'd1', 1e15)).toBe('held')
  expect(passage({ ...parked, probe: 'd1' }, 'r1', 'd1', 1500)).toBe('probe')
})

test('a hold does not outlive the registration it was laid on', () => {
  expect(passage(parked, 'r2', 'd1', 1500)).toBe('pass')
  expect(passage(throttled, undefined, 'd1', 1500)).toBe('pass')
})
