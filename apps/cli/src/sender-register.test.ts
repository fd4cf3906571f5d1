import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import { canLendTerminal, startOnTerminal, useOtt } from './use-ott.ts'
import { channelSecret, of, registration, secretLines, shown, useSenders } from './use-senders.ts'

const ott = useOtt()
const senders = useSenders(ott.redis)

test('a sender is registered with its secrets from standard input, which are not shown again', async () => {
  expect(await ott.json(registration('1'), { input: secretLines })).toEqual(shown('1'))
  expect(await senders.find('1')).toMatchObject({
    active: true,
    endpointUrl: 'https://api.line.me',
    attributes: { channelId: '1', channelSecret, isTransactional: true, isTestChannel: false },
  })
  for (const command of [
    ['show', '1', ...of()],
    ['show', '1', ...of(), '--json'],
    ['list', '--account', 'shop'],
  ]) {
    const { code, stdout } = await ott.run(['sender', ...command])
    expect(code).toBe(0)
    expect(stdout).not.toContain(channelSecret)
  }
})

test('secrets may be in a file, and a sender may begin inactive', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ott-'))
  const file = join(folder, 'secrets')
  await writeFile(file, secretLines)
  expect(await ott.json(registration('2', '--secret-file', file, '--inactive'))).toEqual(
    shown('2', { isActive: false }),
  )
  expect((await senders.find('2'))?.attributes['channelSecret']).toBe(channelSecret)
  await rm(folder, { recursive: true })
})

test('a choice is taken and shown, and the help names what there is to choose', async () => {
  const attributes = { ...shown('3').attributes, unconfirmedReply: 'error' }
  const registered = await ott.json(registration('3', 'unconfirmedReply=error'), { input: secretLines })
  expect(registered).toEqual(shown('3', { attributes }))
  const { stdout } = await ott.run(['sender', 'register', '--help'])
  expect(stdout).toContain('unconfirmedReply (sent or error; sent unless given)')
  expect(stdout).toContain('unknownOutcome (retry or error; retry unless given)')
})

const onTerminal = canLendTerminal ? test : test.skip

onTerminal('on a terminal the secrets are asked for, and not echoed', async () => {
  const { child, screen, ended } = onScreen(registration('typed'))
  await untilTrue(() => screen().includes('channelSecret: '))
  child.stdin.write(`${channelSecret}\r`)
  await untilTrue(() => screen().includes('customerConnectSecret (may be left empty): '))
  child.stdin.write('\r')
  expect(await ended).toBe(0)
  expect(screen()).not.toContain(channelSecret)
  expect((await senders.find('typed'))?.attributes).toMatchObject({ channelSecret })
})

onTerminal('secrets may be pasted all at once', async () => {
  const { child, screen, ended } = onScreen(registration('pasted'))
  await untilTrue(() => screen().includes('channelSecret: '))
  child.stdin.write(`${channelSecret}\rsecond\r`)
  expect(await ended).toBe(0)
  expect((await senders.find('pasted'))?.attributes).toMatchObject({ channelSecret, customerConnectSecret: 'second' })
})

onTerminal('who breaks off at a question registers nothing', async () => {
  const { child, screen, ended } = onScreen(registration('broken-off'))
  await untilTrue(() => screen().includes('channelSecret: '))
  child.stdin.write('\u0003')
  expect(await ended).toBe(1)
  expect(screen()).toContain('Nothing was registered')
  expect(await senders.find('broken-off')).toBeUndefined()
})

function onScreen(args: readonly string[]) {
  const child = startOnTerminal(args, ott.env())
  let screen = ''
  child.stdout.on('data', (chunk: Buffer) => (screen += chunk.toString()))
  const ended = once(child, 'close').then(([code]: unknown[]) => code)
  return { child, screen: () => screen, ended }
}

test('a secret among the arguments is refused, and not repeated', async () => {
  for (const args of [
    ['--set', `channelSecret=${channelSecret}`],
    [`--channelSecret=${channelSecret}`],
    ['--set', channelSecret, '--json', channelSecret],
  ]) {
    const { code, stdout, stderr } = await ott.run(registration('6', ...args), { input: secretLines })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).not.toContain('#1')
  }
  expect(await senders.find('6')).toBeUndefined()
})

test('all that is wrong with the attributes is told at once', async () => {
  const command = ['sender', 'register', ...of(), '--endpoint-url', 'https://api.line.me']
  const { code, stderr } = await ott.run(
    [...command, '--set', 'chanelName=Shop', 'isTransactional=perhaps', 'unconfirmedReply=Sent'],
    {
      input: secretLines,
    },
  )
  expect(code).toBe(2)
  expect(stderr).toBe(`error: This is no LINE sender:
  - there is no attribute chanelName; there are: channelId, channelName, channelSecret, customerConnectSecret, isTransactional, isTestChannel, unconfirmedReply
  - isTransactional must be true or false
  - unconfirmedReply must be sent or error
  - channelId must be given: --set channelId=…
  - channelName must be given: --set channelName=…
  - isTransactional must be given: --set isTransactional=…
  - isTestChannel must be given: --set isTestChannel=…
`)
})

test.each([
  ['', 'The secrets channelSecret are missing.'],
  ['channelSecret=\n', 'The secrets channelSecret are missing.'],
  ['hunter2\n', 'Secret 1 is not of the form name=value.'],
  ['channelSecret=a\nhunter2=\n', "Secret 2 is none of LINE's, which are: channelSecret, customerConnectSecret."],
])('secrets given as %j are told to be wrong, without repeating them', async (given, message) => {
  const { code, stderr } = await ott.run(registration('7'), { input: given })
  expect(code).toBe(2)
  expect(stderr).toContain(message)
  expect(stderr).not.toContain('hunter2')
})

test('a secret file that cannot be read is named', async () => {
  const { code, stderr } = await ott.run(registration('7', '--secret-file', '/nowhere/secrets'))
  expect(code).toBe(1)
  expect(stderr).toContain('The secret file /nowhere/secrets cannot be read.')
})

test.each([
  'https://evil.example',
  'http://api.line.me',
  'https://user@api.line.me',
  'https://api.line.me/?a=b',
  'nonsense',
])('credentials may not go to %s', async (url) => {
  const { code, stderr } = await ott.run(registration('8', '--endpoint-url', url), { input: secretLines })
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /^error: --endpoint-url is invalid: it must be .*The setting ENDPOINT_HOSTS lists the hosts\.$/m,
  )
})
