import { expect, test } from '@jest/globals'

import { RecentLog } from './recent-log.ts'

const all = { after: 0, limit: 100, matches: () => true }

test('the newest are kept, under the numbers they were given', () => {
  const log = new RecentLog<{ name: string }>(3)
  for (const name of 'abcde') log.add({ name })
  expect(log.read(all)).toEqual([
    { sequence: 3, name: 'c' },
    { sequence: 4, name: 'd' },
    { sequence: 5, name: 'e' },
  ])
  expect([log.oldest, log.newest]).toEqual([3, 5])
})

test('a cleared log fills again, and gives no number twice', () => {
  const log = new RecentLog<{ name: string }>(2)
  for (const name of 'abc') log.add({ name })
  log.clear()
  expect([log.read(all).length, log.oldest, log.newest]).toEqual([0, 4, 3])
  for (const name of 'def') log.add({ name })
  expect(log.read(all)).toEqual([
    { sequence: 5, name: 'e' },
    { sequence: 6, name: 'f' },
  ])
})

test('the newest of what is selected can be had, oldest first', () => {
  const log = new RecentLog<{ name: string }>(5)
  for (const name of 'abcabca') log.add({ name })
  const selected = log.readLatest({ after: 3, limit: 2, matches: ({ name }) => name !== 'b' })
  expect(selected).toEqual([
    { sequence: 6, name: 'c' },
    { sequence: 7, name: 'a' },
  ])
  expect(log.readLatest({ ...all, after: 6 })).toEqual([{ sequence: 7, name: 'a' }])
})

test('an item is found by its number while it is kept, and never another in its place', () => {
  const log = new RecentLog<{ name: string }>(2)
  for (const name of 'abc') log.add({ name })
  expect([0, 1, 2, 3, 4].map((sequence) => log.find(sequence)?.name)).toEqual([
    undefined,
    undefined,
    'b',
    'c',
    undefined,
  ])
  log.clear()
  expect(log.find(3)).toBeUndefined()
})

test('whoever wants to know hears of each change', () => {
  let changes = 0
  const log = new RecentLog<{ name: string }>(2, () => (changes += 1))
  for (const name of 'ab') log.add({ name })
  log.clear()
  expect(changes).toBe(3)
})
