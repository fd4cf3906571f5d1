import { expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startChild } from './child.ts'
import { untilTrue } from './waiting.ts'

const node = (script: string, options: { logFile?: string } = {}) =>
  startChild({ command: process.execPath, args: ['--input-type=module', '--eval', script], env: {}, ...options })

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // On Linux one that has ended keeps its id until its parent has taken note.
    return !existsSync('/proc/self/stat') || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

const forEver = 'setInterval(() => undefined, 1000); console.log("running");'

test('a line is found whether it was printed before or after it is asked for, on either stream', async () => {
  const child = await node(`${forEver} setTimeout(() => console.error("later"), 100)`)
  await child.untilLine(/running/)
  expect(await child.untilLine(/late/)).toBe('later')
  expect(await child.untilLine(/runn/)).toBe('running')
  await child.kill()
})

test('a process that ends before the awaited line is told with its output and how it ended', async () => {
  const child = await node('console.error("no disk"); process.exit(3)')
  await expect(child.untilLine(/ready/)).rejects.toThrow(/exit code 3[^]*no disk/)
})

test('a stop lets the process end in its own way', async () => {
  const child = await node(`process.once("SIGTERM", () => { console.log("bye"); process.exit(0) }); ${forEver}`)
  await child.untilLine(/running/)
  await child.stop()
  expect(child.lines).toEqual(['running', 'bye'])
  expect(await child.ended).toBe('exit code 0')
})

test('a kill is sudden, and reaches what the process had started itself', async () => {
  const child = await node(`
    import { spawn } from 'node:child_process'
    console.log(spawn('sleep', ['1000']).pid)
    process.on('SIGTERM', () => undefined)
    ${forEver}`)
  await child.untilLine(/running/)
  await child.kill()
  expect(await child.ended).toBe('SIGKILL')
  await untilTrue(() => !isRunning(Number(child.lines[0])))
})

test('stopping what has ended already is nothing to complain about', async () => {
  const child = await node('')
  await child.ended
  await child.stop()
  await child.kill()
})

test('output that goes to a log file is there to be shown, and starts afresh', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ott-child-'))
  const logFile = join(folder, 'x.log')
  const first = await node('console.log("first")', { logFile })
  await first.ended
  const second = await node('console.log("second")', { logFile })
  await second.ended
  expect(second.tail()).toBe('second')
  expect(await readFile(logFile, 'utf8')).toBe('second\n')
  await rm(folder, { recursive: true })
})

test('a program that is not there is told by name', async () => {
  await expect(startChild({ command: 'no-such-program', args: [], env: {} })).rejects.toThrow(/no-such-program/)
})

test('a folder lent to a process goes with it', async () => {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'ott-child-'))
  const child = await startChild({ command: 'sleep', args: ['1000'], env: process.env, temporaryFolder })
  expect(existsSync(temporaryFolder)).toBe(true)
  await child.kill()
  expect(existsSync(temporaryFolder)).toBe(false)
})

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'nothing outlives the process that started it, or its folder, when that is ended by %s',
  async (signal) => {
    const temporaryFolder = await mkdtemp(join(tmpdir(), 'ott child-'))
    const parent = await node(`
    import { startChild } from '${new URL('child.js', import.meta.url).href}'
    const temporaryFolder = '${temporaryFolder}'
    const child = await startChild({ command: 'sleep', args: ['1000'], env: process.env, temporaryFolder })
    ${forEver}
    console.log(child.pid)`)
    const pid = Number(await parent.untilLine(/\d+/))
    expect(isRunning(pid)).toBe(true)
    process.kill(parent.pid, signal)
    await untilTrue(() => !isRunning(pid) && !existsSync(temporaryFolder))
    expect(await parent.ended).toBe(signal)
  },
)
