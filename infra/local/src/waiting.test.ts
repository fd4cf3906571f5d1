import { setTimeout } from 'node:timers/promises'

import { expect, test } from '@jest/globals'

import { durationOf } from './waiting.ts'

async function stall(): Promise<void> {
  const end = performance.now() + 500
  while (performance.now() < end);
}

test('a wait has a duration, and time in which this process does not get to run adds nothing to it', async () => {
  expect(await durationOf(() => setTimeout(500))).toBeGreaterThan(50)
  expect(await durationOf(stall)).toBeLessThan(50)
})
