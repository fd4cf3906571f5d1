import { expect, test } from '@jest/globals'

import { readRetryAfter } from './answer.ts'

const now = Date.parse('2026-11-24T04:00:00Z')

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Tue, 24 Nov 2026 04:01:30 GMT', 90_000],
  ['Tue, 24 Nov 2026 03:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('a Retry-After of %j asks for %p ms', (header, ms) => {
  expect(readRetryAfter(header, now)).toBe(ms)
})
