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
