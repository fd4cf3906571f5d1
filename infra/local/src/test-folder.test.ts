import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'

import { expect, test } from '@jest/globals'

import { testFolder } from './test-folder.ts'

test('tests keep their files where TMPDIR says, whatever else there is', async () => {
  expect(await testFolder('/somewhere', import.meta.dirname)).toBe('/somewhere')
})

test('tests keep their files in memory where there is room for files and programs, and leave none there by asking', async () => {
  const before = await readdir(import.meta.dirname)
  expect(await testFolder('', import.meta.dirname)).toBe(import.meta.dirname)
  expect(await readdir(import.meta.dirname)).toEqual(before)
})

test('where there is no such place, tests keep their files where all programs do', async () => {
  expect(await testFolder('', '/nowhere')).toBe(tmpdir())
  expect(await testFolder('', '/proc')).toBe(tmpdir())
})
