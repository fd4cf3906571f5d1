import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { freePort, type Program, startProgram } from '@ott/local'

import { type Run, useOtt } from './use-ott.ts'

const ott = useOtt()
const channel = { network: 'line', channelId: '1', channelSecret: 'channel-secret-1' }
const page = { network: 'messenger', pageId: '2', pageAccessToken: 'page-token-1', applicationSecret: 'app-secret-1' }
const lineAttributes = ['channelId=1', 'channelName=Shop', 'isTransactional=true', 'isTestChannel=true']

let sandbox: Program
beforeAll(async () => {
  sandbox = await startProgram({ name: 'sandbox', file: 'apps/sandbox/dist/main.js' })
  await sandbox.untilReady()
  for (const sender of [channel, page]) await control('senders', sender)
})
afterAll(() => sandbox.stop())

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(`${sandbox.url}/sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) })
  expect(answer.status).toBe(201)
}

const env = () => ({ ENDPOINT_HOSTS: new URL(sandbox.url).host })
const checkOf = (network: string, id: string) => ['sender', 'check', id, '--account', 'shop', '--network', network]
const check = (network: string, id: string, ...more: string[]): Promise<Run> =>
  ott.run([...checkOf(network, id), ...more], { env: env() })

async function registerChannel(
  secret: string,
  url = `${sandbox.url}/line/v2/bot/message`,
  hosts = new URL(url).host,
): Promise<void> {
  const args = ['sender', 'register', '--account', 'shop', '--network', 'line', '--endpoint-url', url]
  await ott.json([...args, '--set', ...lineAttributes], {
    env: { ENDPOINT_HOSTS: hosts },
    input: `channelSecret=${secret}`,
  })
}

async function registerPage(pageAccessToken: string): Promise<void> {
  const url = `${sandbox.url}/messenger/v26.0/me/messages`
  const args = ['sender', 'register', '--account', 'shop', '--network', 'messenger', '--endpoint-url', url]
  const secrets = { applicationSecret: page.applicationSecret, pageAccessToken, callbackVerifyToken: 'v' }
  const input = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`)
  await ott.json([...args, '--set', 'applicationId=1', 'pageId=2', 'pageName=Shop'], {
    env: env(),
    input: input.join(''),
  })
}

test('credentials that LINE and Messenger take pass, and no message is sent', async () => {
  await registerChannel(channel.channelSecret)
  await registerPage(page.pageAccessToken)
  const checked = await ott.program(checkOf('line', '1'), { env: env() })
  expect(checked).toEqual({ code: 0, stdout: '✓ LINE takes the credentials of 1.\n', stderr: '' })
  const { code, stdout } = await check('messenger', '2', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({ account: 'shop', network: 'messenger', id: '2', outcome: 'accepted' })
  expect(await (await fetch(`${sandbox.url}/sandbox/ledger`)).json()).toMatchObject({ entries: [] })
})

test('a wrong channel secret does not pass, and is not repeated', async () => {
  await registerChannel('wrong-secret')
  const { code, stdout, stderr } = await check('line', '1')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^error: LINE does not take the sender \(credentials\): .*ott sender register --help/)
  expect(stderr).not.toContain('wrong-secret')
})

test('a wrong page token does not pass: as JSON, with exit code 1', async () => {
  await registerPage('wrong-token')
  const { code, stdout, stderr } = await check('messenger', '2', '--json')
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(JSON.parse(stdout)).toEqual({
    account: 'shop',
    network: 'messenger',
    id: '2',
    outcome: 'refused',
    reason: 'credentials',
    message: 'Messenger error 190: Invalid OAuth access token - Cannot parse access token',
  })
})

test('a network in trouble leaves the question open', async () => {
  await registerChannel(channel.channelSecret)
  await control('faults', { network: 'line', fault: 'unavailable', operation: 'quota', times: 4 })
  const { code, stderr } = await check('line', '1')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: LINE did not say whether it takes the credentials \(unavailable\): LINE answered 503/)
})

test('a network out of reach is told as such', async () => {
  const host = `127.0.0.1:${await freePort()}`
  await registerChannel(channel.channelSecret, `http://${host}/line`)
  const command = ['sender', 'check', '1', '--account', 'shop', '--network', 'line']
  const { code, stderr } = await ott.run(command, { env: { ENDPOINT_HOSTS: host } })
  expect(code).toBe(1)
  expect(stderr).toContain(`(no-answer): ${host} gave no answer`)
})

test('credentials are not sent to a host that is no longer listed', async () => {
  await registerChannel(channel.channelSecret, 'http://127.0.0.1:9/line', '127.0.0.1:9')
  const { code, stderr } = await check('line', '1')
  expect(code).toBe(1)
  expect(stderr).toMatch(/\(sender\): .*127\.0\.0\.1:9.*ENDPOINT_HOSTS/)
})
