import type { Command } from '@commander-js/extra-typings'
import { z } from 'zod'

import { Failure } from './failure.ts'
import { print, printJson } from './print.ts'
import { readSettings } from './settings.ts'

const unset = 'must be set, or `npm start` must have run on this machine'

const Environment = z.object({
  OTT_URL: z.url({ protocol: /^https?$/, error: `${unset}: the API's address, such as http://127.0.0.1:8080` }),
  OTT_CLIENT_ID: z.string({ error: unset }),
  OTT_CLIENT_SECRET: z.string({ error: unset }),
})

/** Both forms of an answer of /v2/token: https://www.rfc-editor.org/rfc/rfc6749#section-5 */
const Answer = z.union([
  z.object({ access_token: z.string(), expires_in: z.number() }),
  z.object({ error: z.string(), error_description: z.string().default('') }),
])

/** `ott token`: an access token, for trying the API by hand. */
export function addTokenCommand(ott: Command): void {
  ott
    .command('token')
    .description('print an access token of the client that the environment names')
    .option('--json', 'print JSON, with the time it has')
    .addHelpText(
      'after',
      `
Settings, from the environment or what \`npm start\` keeps in .data/local.env:
  OTT_URL            where the API is
  OTT_CLIENT_ID      the client
  OTT_CLIENT_SECRET  and its secret

Example:
  curl -s http://127.0.0.1:8080/ott/v1/registration/line -H "authorization: Bearer $(npm run -s ott -- token)"`,
    )
    .action(async ({ json: asJson }) => {
      const answer = await requestToken(readSettings(Environment))
      if (asJson) printJson(answer)
      else print(answer.access_token)
    })
}

async function requestToken({
  OTT_URL: url,
  OTT_CLIENT_ID: id,
  OTT_CLIENT_SECRET: secret,
}: z.infer<typeof Environment>) {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret })
  const response = await fetch(new URL('/v2/token', url), { method: 'POST', body: form }).catch((cause: unknown) => {
    throw new Failure(`${url} does not answer. Start the ingress there, or set OTT_URL to where it is.`, { cause })
  })
  const answer = Answer.safeParse(await response.json().catch(() => undefined)).data
  if (answer === undefined)
    throw new Failure(`${url} answered ${response.status}, but not as this API does. Check OTT_URL.`)
  if ('access_token' in answer) return answer
  throw new Failure(
    `no token: ${answer.error_description || answer.error}. \`ott client list\` tells the clients there are; ` +
      '`ott client rotate-secret` gives one a new secret.',
  )
}
