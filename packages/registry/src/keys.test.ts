import { randomBytes } from 'node:crypto'

import { expect, test } from '@jest/globals'

import { KeyList } from './keys.ts'

const [first, second] = [randomBytes(32), randomBytes(32)]

test('one key or several are read from base64, in their order', () => {
  expect(KeyList.parse(first.toString('base64'))).toEqual([first])
  expect(KeyList.parse(`${first.toString('base64')}, ${second.toString('base64')}`)).toEqual([first, second])
})

test.each([
  ['of 16 bytes', randomBytes(16).toString('base64')],
  ['in hexadecimal', first.toString('hex')],
  ['with nothing behind the comma', `${first.toString('base64')},`],
])('a key %s is refused, with the way to make one, and is not repeated', (_which, key) => {
  const { error } = KeyList.safeParse(key)
  expect(error?.issues[0]?.message).toContain('keys generate')
  expect(error?.message).not.toContain(key)
})
