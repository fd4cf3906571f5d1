import { randomBytes } from 'node:crypto'

import { beforeAll } from '@jest/globals'
import { type Program, type ProgramOptions, startProgram } from '@ott/local'
import { untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { type Run, type RunOptions, useOtt } from './use-ott.ts'

const Made = z.object({ client_id: z.string(), client_secret: z.string() })
const Ledger = z.object({ entries: z.array(z.looseObject({ messages: z.array(z.unknown()) })) })

const scopes = 'ott_chat_messaging_send ott_chat_messaging_read'

type Started = { readonly sandbox: string; readonly env: Record<string, string> }

/** The senders that are registered for the tests: a LINE channel and a Page. */
export const senders = { line: '1234567890', messenger: '100200300' }

/** A LINE user id that no other test writes to. */
export function aLineUser(): string {
  return `U${randomBytes(16).toString('hex')}`
}

/**
 * The programs that take messages in and deliver those for LINE, as in production, against the sandbox; with an API client and senders of
 * the account `shop`. For the tests of one file.
 */
export function useApi() {
  const ott = useOtt()
  let started: Started | undefined
  beforeAll(async () => {
    const { sandbox, ingress, env } = await startPrograms(ott)
    const args = ['client', 'create', '--name', 'a', '--account', 'shop', '--scope', scopes]
    const { client_id: OTT_CLIENT_ID, client_secret: OTT_CLIENT_SECRET } = Made.parse(await ott.json(args))
    started = { sandbox: sandbox.url, env: { ...env, OTT_URL: ingress.url, OTT_CLIENT_ID, OTT_CLIENT_SECRET } }
    await registerSenders(sandbox.url, (registration, input) => ott.json(registration, { env, input }))
  })
  const there = (): Started => {
    if (started === undefined) throw new Error('the programs are there once the tests run')
    return started
  }
  const withEnv = (options: RunOptions): RunOptions => ({ ...options, env: { ...there().env, ...options.env } })
  /** The messages that reached this person on LINE. */
  const received = async (userId: string): Promise<unknown[]> => {
    const answer = await fetch(`${there().sandbox}/sandbox/ledger?recipient=${userId}`)
    return Ledger.parse(await answer.json()).entries.flatMap(({ messages }) => messages)
  }
  return {
    env: () => there().env,
    run: (args: readonly string[], options: RunOptions = {}): Promise<Run> => ott.run(args, withEnv(options)),
    program: (args: readonly string[], options: RunOptions = {}): Promise<Run> => ott.program(args, withEnv(options)),
    json: (args: readonly string[], options: RunOptions = {}): Promise<unknown> => ott.json(args, withEnv(options)),
    received,
    untilReceived: (userId: string, count: number): Promise<void> =>
      untilTrue(async () => (await received(userId)).length === count),
  }
}

/** Starts the programs, to be stopped after the tests. */
async function startPrograms(ott: ReturnType<typeof useOtt>) {
  const start = async (name: string, options: Pick<ProgramOptions, 'env' | 'ports'> = {}): Promise<Program> => {
    const program = await startProgram({ name, file: `apps/${name}/dist/main.js`, ...options })
    ott.redis.onStop(() => program.stop())
    return program
  }
  const sandbox = await start('sandbox')
  const TOKEN_KEY = Buffer.alloc(32, 't').toString('base64')
  const env = { ...ott.env(), ENDPOINT_HOSTS: new URL(sandbox.url).host, TOKEN_KEY }
  const ingress = await start('ingress', { env, ports: ['PORT', 'HEALTH_PORT'] })
  const worker = await start('worker', { env: { ...env, NETWORK: 'line' }, ports: ['HEALTH_PORT'] })
  await Promise.all([sandbox, ingress, worker].map((program) => program.untilReady()))
  return { sandbox, ingress, env }
}

type RunCommand = (args: readonly string[], input: string) => Promise<unknown>

async function registerSenders(sandbox: string, run: RunCommand): Promise<void> {
  const [channelId, pageId] = [senders.line, senders.messenger]
  const secrets = { applicationSecret: 'a', pageAccessToken: 'p' }
  await Promise.all([
    declare(sandbox, { network: 'line', channelId, channelSecret: 's' }),
    declare(sandbox, { network: 'messenger', pageId, ...secrets }),
  ])
  const register = ['sender', 'register', '--account', 'shop', '--network']
  const channel = [`channelId=${channelId}`, 'channelName=Shop', 'isTransactional=true', 'isTestChannel=true']
  const page = ['applicationId=1', `pageId=${pageId}`, 'pageName=Shop']
  const lineUrl = `${sandbox}/line/v2/bot/message`
  const messengerUrl = `${sandbox}/messenger/v26.0/me/messages`
  await run([...register, 'line', '--endpoint-url', lineUrl, '--set', ...channel], 'channelSecret=s')
  await run(
    [...register, 'messenger', '--endpoint-url', messengerUrl, '--set', ...page],
    'applicationSecret=a\npageAccessToken=p\ncallbackVerifyToken=v',
  )
}

async function declare(sandbox: string, sender: object): Promise<void> {
  const answer = await fetch(`${sandbox}/sandbox/senders`, { method: 'POST', body: JSON.stringify(sender) })
  if (answer.status !== 201) throw new Error(`the sandbox answered ${answer.status}`)
}
