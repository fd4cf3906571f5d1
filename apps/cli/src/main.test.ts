import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { freePort } from '@ott/local'

import { toPlaces } from './completion-tree.ts'
import { createCommands } from './ott.ts'
import { canLendTerminal, key, runOtt, runProgram, startOnTerminal, startOtt, useOtt } from './use-ott.ts'

const ott = useOtt()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ott-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function envFile(lines: Record<string, string>): Promise<string> {
  const file = join(folder, 'local.env')
  await writeFile(
    file,
    Object.entries(lines)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  return file
}

/** Every command, and whether it does something itself rather than have commands below it. */
const commands = toPlaces(createCommands()).map(({ path }, _index, all) => {
  return { command: path.slice(1).replaceAll('/', ' '), acts: !all.some((other) => other.path.startsWith(`${path}/`)) }
})

test('there are commands for callbacks, and for all else', () => {
  expect(commands.map(({ command }) => command)).toEqual(
    expect.arrayContaining(['', 'client create', 'callback test', 'callback replay', 'completion']),
  )
})

test.each(commands)('ott $command --help says what it takes, without any settings', async ({ command, acts }) => {
  const { code, stdout, stderr } = await runOtt([...command.split(' ').filter(Boolean), '--help'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(`Usage: ott ${command}`)
  if (acts) expect(stdout).toMatch(/--json[^]*(Example|To change the key)/)
})

test('ott --version prints the version, and nothing else', async () => {
  expect(await runOtt(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})

test.each([
  [[]],
  [['client']],
  [['clinet']],
  [['client', 'show']],
  [['client', 'list', '--nonsense']],
  [['keys', 'generate', 'x']],
])('a command given as %j ends with exit code 2 and says how to go on', async (args) => {
  const { code, stdout, stderr } = await runOtt(args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('--help')
})

test.each([
  [0, ['--help']],
  [0, ['client', 'list']],
  [1, ['client', 'show', 'nobody']],
  [1, ['sender', 'resume', 'nobody', '--account', 'shop', '--network', 'line']],
  [2, ['clinet']],
])('as a process it ends by itself, with exit code %d for %j, answers and errors apart', async (expected, args) => {
  const { code, stdout, stderr } = await ott.program(args)
  expect({ code, answered: stdout !== '', complained: stderr !== '' }).toEqual({
    code: expected,
    answered: expected === 0,
    complained: expected !== 0,
  })
})

test('what is typed in the wrong place is not repeated: it may be a secret', async () => {
  for (const args of [
    ['keys', 'generate', 'hunter2'],
    ['keys', 'generate', '--secret=hunter2'],
  ]) {
    const { code, stderr } = await runOtt(args)
    expect(code).toBe(2)
    expect(stderr).not.toContain('hunter2')
  }
})

test('without a Redis it says where it looked', async () => {
  const REDIS_URL = `redis://user:hunter2@127.0.0.1:${await freePort()}`
  const { code, stdout, stderr } = await ott.run(['client', 'list'], { env: { REDIS_URL } })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^error: Redis cannot be reached at redis:\/\/127\.0\.0\.1:\d+ .* set REDIS_URL/)
  expect(stderr).not.toContain('hunter2')
})

test('without a key it says which one it needs, and a bad one is told', async () => {
  const list = ['sender', 'list', '--account', 'shop']
  const without = await ott.run(list, { env: { CREDENTIALS_KEY: undefined } })
  expect(without.code).toBe(1)
  expect(without.stderr).toMatch(/^error: CREDENTIALS_KEY is not set: .*`ott keys generate`/)
  const bad = await ott.run(list, { env: { CREDENTIALS_KEY: 'hunter2' } })
  expect(bad.code).toBe(1)
  expect(bad.stderr).toContain('CREDENTIALS_KEY: must be 32 bytes in base64')
  expect(bad.stderr).not.toContain('hunter2')
})

test('what the environment does not set is read from the file that npm start keeps', async () => {
  const OTT_ENV_FILE = await envFile({ REDIS_URL: ott.redis.url, CREDENTIALS_KEY: key })
  const list = ['sender', 'list', '--account', 'shop', '--json']
  expect(await runProgram(list, { env: { OTT_ENV_FILE } })).toEqual({ code: 0, stdout: '[]\n', stderr: '' })
  const { code, stderr } = await runOtt(list, { env: { OTT_ENV_FILE, CREDENTIALS_KEY: 'bad' } })
  expect(code).toBe(1)
  expect(stderr).toContain('CREDENTIALS_KEY: must be')
})

test('the file’s key is not used on another Redis than the file’s', async () => {
  const OTT_ENV_FILE = await envFile({ REDIS_URL: 'redis://127.0.0.1:1', CREDENTIALS_KEY: key })
  const { code, stderr } = await ott.run(['sender', 'list', '--account', 'shop'], {
    env: { OTT_ENV_FILE, CREDENTIALS_KEY: undefined },
  })
  expect(code).toBe(1)
  expect(stderr).toContain('CREDENTIALS_KEY is not set')
})

test('a file that was named and is not there is told', async () => {
  const { code, stderr } = await runOtt(['client', 'list'], { env: { OTT_ENV_FILE: '/nowhere/local.env' } })
  expect(code).toBe(1)
  expect(stderr).toContain('OTT_ENV_FILE is /nowhere/local.env, which cannot be read')
})

test('a reader that has seen enough is no error', async () => {
  const child = startOtt(['--help'], {})
  child.stdout.destroy()
  const [errors] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect({ code: child.exitCode, errors }).toEqual({ code: 0, errors: '' })
})

const onTerminal = canLendTerminal ? test : test.skip

onTerminal.each([
  [{}, true],
  [{ NO_COLOR: '1' }, false],
])('on a terminal with %j it is coloured: %s', async (more, coloured) => {
  const create = ['client', 'create', '--name', 'a', '--account', 'a', '--scope', 'ott_channels_read']
  for (const args of [['client', 'show', 'nobody'], ['--help'], create]) {
    const child = startOnTerminal(args, { ...ott.env(), ...more })
    child.stdin.end()
    expect((await text(child.stdout)).includes('\u001B[')).toBe(coloured)
  }
})
