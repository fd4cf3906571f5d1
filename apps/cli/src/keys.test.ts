import { expect, test } from '@jest/globals'

import { key, runProgram, useOtt } from './use-ott.ts'

const ott = useOtt()
const newKey = Buffer.alloc(32, 'n').toString('base64')
const attributes = ['channelId=1', 'channelName=Shop', 'isTransactional=true', 'isTestChannel=true']
const show = ['sender', 'show', '1', '--account', 'shop', '--network', 'line']

test('every key that is generated is another one, of 32 bytes, and needs no Redis', async () => {
  const runs = await Promise.all([runProgram(['keys', 'generate']), runProgram(['keys', 'generate'])])
  for (const { code, stdout } of runs) {
    expect(code).toBe(0)
    expect(Buffer.from(stdout.trimEnd(), 'base64')).toHaveLength(32)
  }
  expect(runs[0].stdout).not.toBe(runs[1].stdout)
  expect(await ott.json(['keys', 'generate'])).toEqual({ key: expect.stringMatching(/^[\w+/]{43}=$/) })
})

test('after a rotation the first key alone opens every sender', async () => {
  const args = ['sender', 'register', '--account', 'shop', '--network', 'line', '--endpoint-url', 'https://api.line.me']
  await ott.json([...args, '--set', ...attributes], { input: 'channelSecret=s' })
  const both = { CREDENTIALS_KEY: `${newKey},${key}` }
  const onlyNew = { CREDENTIALS_KEY: newKey }

  const locked = await ott.run(show, { env: onlyNew })
  expect(locked.code).toBe(1)
  expect(locked.stderr).toMatch(/^error: .*CREDENTIALS_KEY/)
  expect((await ott.run(['keys', 'rotate'], { env: onlyNew })).code).toBe(1)

  const { code, stdout } = await ott.run(['keys', 'rotate'], { env: both })
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^LINE: 1 of 1 sealed anew.*\nMessenger: 0 of 0 .*\nCallbacks: 0 of 0 .*\nAll are sealed with the first key/,
  )
  expect(await ott.json(show, { env: onlyNew })).toMatchObject({ id: '1' })
  expect(await ott.json(['keys', 'rotate'], { env: both })).toEqual({
    line: { rotated: 0, all: 1 },
    messenger: { rotated: 0, all: 0 },
    callbacks: { rotated: 0, all: 0 },
  })
})
