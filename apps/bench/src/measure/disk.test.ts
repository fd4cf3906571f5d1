import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from '@jest/globals'

import { timeSyncs } from './disk.ts'

const folder = await mkdtemp(join(tmpdir(), 'ott-bench-disk-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

test('what the disk takes is measured of each append, and leaves no file', async () => {
  const took = await timeSyncs(folder, 0.05)
  expect(took.length).toBeGreaterThan(0)
  expect(Math.min(...took)).toBeGreaterThan(0)
  expect(await readdir(folder)).toEqual([])
})
