import { expect, test } from '@jest/globals'

import { ExpiringMap } from './expiring-map.ts'

test('a value is there until its time is over', () => {
  let now = 0
  const map = new ExpiringMap<string>(() => now, 10)
  map.set('a', 'value', 100)
  now = 99
  expect(map.get('a')).toBe('value')
  now = 100
  expect(map.get('a')).toBeUndefined()
})

test('when many newer ones have come, a value is forgotten; one set again is new', () => {
  const map = new ExpiringMap<number>(() => 0, 2)
  for (const [value, key] of ['a', 'b', 'a', 'c', 'd'].entries()) map.set(key, value, 100)
  expect([map.get('a'), map.get('b'), map.get('c'), map.get('d')]).toEqual([2, undefined, 3, 4])
})
