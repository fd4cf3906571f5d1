import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from '@jest/globals'

import { startChild } from './child.ts'
import { lockFolder } from './folder-lock.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ott-lock-'))
})

afterEach(() => rm(folder, { recursive: true }))

const lockFromElsewhere = (then: string) =>
  startChild({
    command: process.execPath,
    args: [
      '--input-type=module',
      '--eval',
      `import { lockFolder } from '${new URL('folder-lock.js', import.meta.url).href}'
       lockFolder('${folder}')
       console.log('locked')
       ${then}`,
    ],
    env: {},
  })

test('a folder that another process has is refused, naming that process', async () => {
  const holder = await lockFromElsewhere('setInterval(() => undefined, 1000)')
  await holder.untilLine(/locked/)
  expect(() => lockFolder(folder)).toThrow(`in use by process ${holder.pid}`)
  await holder.kill()
})

test('a folder whose holder was killed can be had again', async () => {
  const holder = await lockFromElsewhere('process.kill(process.pid, "SIGKILL")')
  await holder.ended
  lockFolder(folder)
  expect(await readFile(join(folder, 'lock'), 'utf8')).toBe(String(process.pid))
})

test('a holder that ends gives the folder back', async () => {
  const holder = await lockFromElsewhere('')
  expect(await holder.ended).toBe('exit code 0')
  await expect(readFile(join(folder, 'lock'))).rejects.toThrow('ENOENT')
})

test('a lock that makes no sense holds nobody up', async () => {
  await writeFile(join(folder, 'lock'), '')
  lockFolder(folder)
})
