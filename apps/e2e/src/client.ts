import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { repository } from '@ott/local'
import { z } from 'zod'

import { call } from './call.ts'

const run = promisify(execFile)

const everything = 'ott_chat_messaging_send ott_chat_messaging_read ott_channels_write ott_channels_read ott_callbacks'

export const Client = z.object({ client_id: z.string(), client_secret: z.string() })
export type Client = z.infer<typeof Client>

type Variables = Readonly<Record<string, string | undefined>>

/** Runs one of our programs to its end with these variables and this input, and returns what it prints. */
export async function runToEnd(file: string, env: Variables, args: readonly string[], input = ''): Promise<string> {
  const running = run(process.execPath, [join(repository, file), ...args], {
    env: { PATH: process.env['PATH'], ...env },
  })
  running.child.stdin?.end(input)
  return (await running).stdout
}

/** Makes an API client, as an operator does. */
export async function createClient(env: Variables, account = 'shop'): Promise<Client> {
  const args = ['client', 'create', '--name', 'e2e', '--account', account, '--scope', everything, '--json']
  return Client.parse(JSON.parse(await runToEnd('apps/cli/dist/main.js', env, args)))
}

/** An access token, as the client gets it. */
export async function accessToken(ingressUrl: string, client: Client): Promise<string> {
  const { body } = await call('POST', `${ingressUrl}/v2/token`, { grant_type: 'client_credentials', ...client })
  return z.object({ access_token: z.string() }).parse(body).access_token
}
