import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'

import { repository } from './repository.ts'

// The program itself, in a process of its own: only that can be given a terminal.

const step = join(repository, 'infra/local/prepare/step.cjs')
/** Ends as soon as what it said of itself was shown. */
const untilShown = `(say) => new Promise((resolve) => {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = (text) => { if (text.includes('added 5')) resolve(); return write(text) }
  say('added 5')
})`
const program = (work: string): string => `require('${step}').step('Installing', ${work})`

/** What lends a terminal to a program: https://man7.org/linux/man-pages/man1/script.1.html */
const lender = 'script'
const onTerminal = spawnSync(lender, ['--version']).status === 0 ? test : test.skip

onTerminal('on a terminal a long step is seen to move', () => {
  const { stdout } = spawnSync(lender, ['-qec', `"${process.execPath}" -e "$PROGRAM"`, '/dev/null'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], PROGRAM: program(untilShown) },
  })
  const shown = stdout.trimEnd().split('\r\u001B[K')
  expect(shown).toEqual([
    'Installing … ',
    expect.stringMatching(/^Installing … \d\.\d s {2}added 5$/),
    expect.stringMatching(/^Installing … \d\.\d s$/),
  ])
})

test('elsewhere a step is one plain line', () => {
  const { stdout } = spawnSync(process.execPath, ['-e', program('async () => undefined')], { encoding: 'utf8' })
  expect(stdout).toMatch(/^Installing … \d\.\d s\n$/)
})

test('a step that failed says so, and what stood in its way is handed on', () => {
  const failing = `${program("async () => 'no network'")}.then((fault) => console.log(fault))`
  const { stdout } = spawnSync(process.execPath, ['-e', failing], { encoding: 'utf8' })
  expect(stdout).toBe('Installing … failed\nno network\n')
})
