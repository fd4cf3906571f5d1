import { beforeEach, expect, test } from '@jest/globals'
import { join } from 'node:path'

import { ensureChromium, findChromium } from './chromium.ts'
import { usePath } from './use-path.ts'

const { folder, addProgram } = usePath()
const said: string[] = []
const say = (what: string) => void said.push(what)
beforeEach(() => void said.splice(0))

test('where there is a Chromium nothing is installed', async () => {
  await addProgram('chromium', '')
  await addProgram('apt-get', 'exit 1')
  await ensureChromium(say, true)
  expect([await findChromium(), said]).toEqual([join(folder(), 'chromium'), []])
})

test('root on Debian gets chromium installed without a question', async () => {
  await addProgram('apt-get', `: > ${folder()}/chromium; /bin/chmod 755 ${folder()}/chromium`)
  await ensureChromium(say, true)
  expect([await findChromium(), said]).toEqual([
    join(folder(), 'chromium'),
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
