import { expect, test } from '@jest/globals'

import { retryAfterMs } from './retry-after.ts'

const now = Date.parse('2026-11-23T09:00:00Z')

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Mon, 23 Nov 2026 09:02:00 GMT', 120_000],
  ['Mon, 23 Nov 2026 08:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('a network that says "Retry-After: %s" is called again after %s ms', (header, expected) => {
  expect(retryAfterMs({ status: 429, headers: { 'retry-after': header }, body: undefined }, now)).toBe(expected)
})
