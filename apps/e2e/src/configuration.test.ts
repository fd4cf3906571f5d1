import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'
import { repository } from '@ott/local'

import { configurationReference, variablesByProgram } from './configuration.ts'
import { readmeTable } from './readme-table.ts'

const file = join(repository, 'docs/configuration.md')
const variables = await variablesByProgram()

test('the configuration reference says what the programs, ott and npm start read; `npm run docs` writes it', async () => {
  const reference = configurationReference(variables)
  if (process.env['OTT_WRITE_DOCS'] === '1') await writeFile(file, reference)
  expect(await readFile(file, 'utf8')).toBe(reference)
})

/** The programs that read a variable, each with its default. `npm start` has ports and a Redis of its own, and a help of its own. */
function defaultsOf(name: string): ReadonlyMap<string, string> {
  const found = [...variables].flatMap(([program, read]) => {
    const variable = program === 'npm start' ? undefined : read.find((one) => one.name === name)
    return variable === undefined ? [] : [[program, variable.isRequired ? 'required' : variable.usual] as const]
  })
  return new Map(found)
}

test('README says of each variable that it names which programs read it, and with which default', async () => {
  const table = await readmeTable()
  expect(table.length).toBeGreaterThan(15)
  for (const { name, defaults } of table) expect([name, defaults]).toEqual([name, defaultsOf(name)])
})
