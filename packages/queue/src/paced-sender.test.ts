import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import { PacedSender, toWindows } from './paced-sender.ts'

test.each([2000, 300, 100, 10])(
  'the windows of any second hold no more than a limit of %d, and most of it',
  (limit) => {
    const { lengthMs, perWindow, held } = toWindows(limit)
    const touched = Math.ceil(1000 / lengthMs) + 1
    expect(touched * perWindow + 2 * held).toBeLessThanOrEqual(limit)
    expect((perWindow * 1000) / lengthMs).toBeGreaterThanOrEqual(limit * (limit < 50 ? 0.75 : 0.9))
  },
)

test('what waited while Redis did not answer does not go all at once when it does', async () => {
  const { lengthMs, perWindow } = toWindows(300)
  const counted = new Map<number, number>()
  const { promise: back, resolve: comeBack } = Promise.withResolvers<void>()
  const sender = new PacedSender(300, {
    use: async (window, points) => {
      await back
      counted.set(window, (counted.get(window) ?? 0) + points)
      return counted.get(window) ?? 0
    },
    book: async () => Date.now(),
    onPaced: () => undefined,
  })
  let sent = 0
  const asked: Promise<void>[] = []
  for (let windows = 0; windows < 10; windows += 1) {
    for (let count = 0; count < perWindow; count += 1)
      asked.push(sender.ask(false).then((waitMs) => void (sent += waitMs === 0 ? 1 : 0)))
    const next = (Math.floor(Date.now() / lengthMs) + 1) * lengthMs
    await untilTrue(() => Date.now() >= next)
  }
  comeBack()
  await new Promise((resolve) => setImmediate(resolve))
  expect(sent).toBeLessThan(asked.length / 2)
  await Promise.all(asked)
})
