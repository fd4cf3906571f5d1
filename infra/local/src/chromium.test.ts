import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ensureChromium, findChromium } from './chromium.ts'

const pathBefore = process.env['PATH']
const said: string[] = []
const say = (what: string) => void said.push(what)
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ott-path-'))
  process.env['PATH'] = folder
  said.splice(0)
})

afterEach(async () => {
  process.env['PATH'] = pathBefore
  await rm(folder, { recursive: true })
})

async function addProgram(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, name), 0o755)
}

test('where there is a Chromium nothing is installed', async () => {
  await addProgram('chromium', '')
  await addProgram('apt-get', 'exit 1')
  await ensureChromium(say, true)
  expect([await findChromium(), said]).toEqual([join(folder, 'chromium'), []])
})

test('root on Debian gets chromium installed without a question', async () => {
  await addProgram('apt-get', `: > ${folder}/chromium; /bin/chmod 755 ${folder}/chromium`)
  await ensureChromium(say, true)
  expect([await findChromium(), said]).toEqual([
    join(folder, 'chromium'),
    ['Installing chromium with apt-get, for the tests of pages'],
  ])
})

test.each([
  ['nobody who may install', false, []],
  ['an installation that fails', true, [/^Installing/, /could not install chromium:\nE: no lock/]],
])('with %s the tests of pages are skipped, and it is told how to have them', async (_which, root, before) => {
  await addProgram('apt-get', 'echo "E: no lock"; exit 100')
  await ensureChromium(say, root)
  const told = [...before, /Debian: apt-get install chromium.* are skipped/]
  expect(said).toEqual(told.map((text) => expect.stringMatching(text)))
})
