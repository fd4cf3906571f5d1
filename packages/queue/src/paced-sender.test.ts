import { expect, test } from '@jest/globals'

import { toWindows } from './paced-sender.ts'

test.each([2000, 300, 100, 10])(
  'the windows of any second hold no more than a limit of %d, and most of it',
  (limit) => {
    const { lengthMs, perWindow, held } = toWindows(limit)
    const touched = Math.ceil(1000 / lengthMs) + 1
    expect(touched * perWindow + 2 * held).toBeLessThanOrEqual(limit)
    expect((perWindow * 1000) / lengthMs).toBeGreaterThanOrEqual(limit * (limit < 50 ? 0.75 : 0.9))
  },
)
