import { expect, test } from '@jest/globals'

import { WakeTimes } from './wake-times.ts'

test('a backlog that is put off together comes up again one after the other, each sender by itself', () => {
  const wakes = new WakeTimes()
  const times = Array.from({ length: 50_000 }, () => wakes.next('a', { earliest: 5000, apartMs: 10 }))
  expect(times.slice(0, 3)).toEqual([5000, 5010, 5020])
  expect(times.at(-1)).toBe(5000 + 499_990)
  expect(wakes.next('b', { earliest: 5000, apartMs: 10 })).toBe(5000)
  expect(wakes.next('a', { earliest: 900_000, apartMs: 10 })).toBe(900_000)
})

test('however large it is, no delivery of a backlog is put off beyond the latest time there is', () => {
  const wakes = new WakeTimes()
  const times = Array.from({ length: 1000 }, () => wakes.next('a', { earliest: 5000, latest: 6000, apartMs: 10 }))
  expect(times.slice(99, 103)).toEqual([5990, 6000, 5000, 5010])
  expect(Math.max(...times)).toBe(6000)
})

test('the next throttle begins anew, and each sender is counted by itself', () => {
  const wakes = new WakeTimes()
  const next = (account: string, sender: string, until: number) =>
    wakes.next(JSON.stringify([account, sender, until]), { earliest: until, apartMs: 10 })
  next('shop', '1', 5000)
  expect(next('shop', '2', 5000)).toBe(5000)
  expect(next('bank', '1', 5000)).toBe(5000)
  expect(next('shop', '1', 5000)).toBe(5010)
  expect(next('shop', '1', 9000)).toBe(9000)
})
