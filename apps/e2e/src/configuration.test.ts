import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'
import { repository } from '@ott/local'

import { configurationReference } from './configuration.ts'

const file = join(repository, 'docs/configuration.md')

test('the configuration reference says what the programs read; `npm run docs` writes it', async () => {
  const reference = await configurationReference()
  if (process.env['OTT_WRITE_DOCS'] === '1') await writeFile(file, reference)
  expect(await readFile(file, 'utf8')).toBe(reference)
})
