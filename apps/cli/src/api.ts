import { type Client, type ClientOptions, createClient, OttError } from '@ott/client'
import { z } from 'zod'

import { Failure } from './failure.ts'
import { readSettings } from './settings.ts'

const unset = 'must be set, or `npm start` must have run on this machine'

/** What commands read that call the API. */
export const ApiEnvironment = z.object({
  OTT_URL: z
    .url({ protocol: /^https?$/, error: `${unset}: the API's address, such as http://127.0.0.1:8080` })
    .describe('where the API is, for commands that call it; `npm start` keeps it in .data/local.env'),
  OTT_CLIENT_ID: z
    .string({ error: unset })
    .describe('the client as which commands call the API; `npm start` keeps one in .data/local.env'),
  OTT_CLIENT_SECRET: z.string({ error: unset }).describe('and its secret'),
})

/** For --help: where commands that call the API learn where it is. */
export const apiSettingsHelp = `
Settings, from the environment or what \`npm start\` keeps in .data/local.env:
  OTT_URL            where the API is
  OTT_CLIENT_ID      the client
  OTT_CLIENT_SECRET  and its secret`

/** The API that the settings name, as a client of it: `url` and `clientId` tell it from others. */
export type Api = { readonly client: Client; readonly url: string; readonly clientId: string }

/** Somebody waits at the terminal: what does not go through within a second or two is told. */
const usualRetries = 2

/** Opens the API that the settings name. Throws a BadEnvironment, or a Failure for an address that is none. */
export function openApi({ retries = usualRetries }: Pick<ClientOptions, 'retries'> = {}): Api {
  const { OTT_URL: url, OTT_CLIENT_ID: clientId, OTT_CLIENT_SECRET: clientSecret } = readSettings(ApiEnvironment)
  try {
    return { client: createClient({ url, clientId, clientSecret, retries }), url, clientId }
  } catch (cause) {
    throw new Failure(`OTT_URL cannot be used. ${cause instanceof Error ? cause.message : ''}`, { cause })
  }
}

/** Does something with the API, and puts in words what a person at the terminal can do about its refusal. */
export async function explaining<Result>({ url }: Api, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof OttError ? new Failure(toWords(error, url), { cause: error }) : error
  }
}

/** What the API's refusal means, and what to do about it. */
export function toWords({ message, status, validationErrors }: OttError, url: string): string {
  if (status === undefined) return `${url} does not answer. Start the ingress there, or set OTT_URL to where it is.`
  if (status === 401)
    return (
      `no token: ${message}. \`ott client list\` tells the clients there are; ` +
      '`ott client rotate-secret` gives one a new secret.'
    )
  if (status === 403) return `${message}. \`ott client create\` makes a client that has the scopes it needs.`
  if (validationErrors.length === 0) return message
  return ['the message is refused:', ...validationErrors.map((problem) => problem.message)].join('\n  - ')
}
