import { spawnSync } from 'node:child_process'

import { expect, test } from '@jest/globals'

import { runOtt } from './use-ott.ts'

const shell = (name: string, ...args: readonly string[]) => spawnSync(name, args, { encoding: 'utf8' })
const isThere = (name: string) => shell(name, '--version').status === 0

const { stdout: script } = await runOtt(['completion', 'bash'])

/** What bash offers when Tab is pressed after these words. */
function offered(...typed: string[]): string[] {
  const words = typed.map((word) => `'${word}'`).join(' ')
  const press = `COMP_WORDS=(ott ${words}); COMP_CWORD=${typed.length}; _ott; printf '%s\\n' "\${COMPREPLY[@]}"`
  // Where its input is a socket, bash takes itself for one that was started from afar, and reads the machine's own files.
  const { status, stdout, stderr } = shell('bash', '--norc', '-uc', `${script}\n${press}`)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.split('\n').filter(Boolean)
}

/** What a command's own help lists under a heading. */
async function listed(heading: string, ...command: string[]): Promise<string[]> {
  const { stdout } = await runOtt([...command, '--help'])
  const [, below = ''] = stdout.split(`${heading}:\n`)
  const [lines = ''] = below.split('\n\n')
  return [...lines.matchAll(/^ {2}(?:-\w, )?([\w-]+)/gm)].flatMap(([, name]) => name ?? [])
}

test.each([[[]], [['client']], [['sender']], [['keys']]])(
  'after `ott %j` bash offers exactly the commands that its help lists',
  async (command) => {
    expect(offered(...command, '')).toEqual(await listed('Commands', ...command))
    expect(offered(...command, '').length).toBeGreaterThan(1)
  },
)

test.each([[['client', 'create']], [['sender', 'register']], [['redrive']], [['send']], [['load']]])(
  'after `ott %j --` bash offers exactly the options that its help lists',
  async (command) => {
    expect(offered(...command, '--')).toEqual(await listed('Options', ...command))
    expect(offered(...command, '--')).toContain('--json')
  },
)

test('bash completes what was begun, wherever options stand', () => {
  expect(offered('cl')).toEqual(['client'])
  expect(offered('client', 'list', '--account', 'shop', '--j')).toEqual(['--json'])
  expect(offered('sender', 'check', '1650000000', '--n')).toEqual(['--network'])
})

test('where a file or a value is to be typed, bash is left to offer files', () => {
  expect(script).toMatch(/^complete -o default -F _ott ott$/m)
  expect(offered('load', '')).toEqual([])
  expect(offered('sender', 'register', '--secret-file', '')).toEqual([])
})

test('words that an argument is chosen from are offered too', () => {
  expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish'])
})

test('with --json the script is the property of an object', async () => {
  const { stdout } = await runOtt(['completion', 'bash', '--json'])
  expect(JSON.parse(stdout)).toEqual({ shell: 'bash', script: script.trimEnd() })
})

test('a shell that is none is refused', async () => {
  const { code, stderr } = await runOtt(['completion', 'cmd'])
  expect(code).toBe(2)
  expect(stderr).toContain('bash, zsh, fish')
})

const onFish = isThere('fish') ? test : test.skip
onFish('fish offers the same, with what each is for', async () => {
  const { stdout } = await runOtt(['completion', 'fish'])
  const tab = (line: string) => shell('fish', '-Nc', `${stdout}\ncomplete -C '${line}'`)
  expect(tab('ott clie')).toMatchObject({
    stderr: '',
    stdout: expect.stringMatching(/^client\tAPI clients: who may call/),
  })
  expect(tab('ott client cr').stdout).toMatch(/^create\tmake a client/)
  expect(tab('ott client list --acc').stdout).toMatch(/^--account\tof one account only/)
})

const onZsh = isThere('zsh') ? test : test.skip
onZsh('zsh offers the same, with what each is for', async () => {
  const { stdout } = await runOtt(['completion', 'zsh'])
  const shown = '_describe() { print -rl -- "${(@P)argv[-1]}" }; compdef() { : }; _files() { print files }'
  const tab = (...typed: string[]) => {
    const press = `words=(ott ${typed.map((word) => `'${word}'`).join(' ')}); CURRENT=${typed.length + 1}; _ott`
    return shell('zsh', '-fc', `${shown}\n${stdout}\n${press}`)
  }
  expect(tab('')).toMatchObject({ stderr: '', stdout: expect.stringMatching(/^client:API clients\\: who may call/) })
  expect(tab('client', '').stdout).toMatch(/^create:make a client.*\nlist:/)
  expect(tab('client', 'list', '--').stdout).toMatch(/^--account:of one account only/)
  expect(tab('load', '').stdout).toBe('files\n')
})
