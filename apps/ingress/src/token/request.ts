import { type Client, Scope } from '@ott/registry'
import { z } from 'zod'

import { anyCase, toText } from '../wire-values.ts'
import { TokenProblem } from './token-problem.ts'

/** Longer than any id or secret of ours. */
const wordMax = 256

/** What a client asks for a token with. Property names may come in any case. */
export const TokenRequest = anyCase(
  z.object(
    {
      grant_type: z.string('grant_type must be provided').meta({ enum: ['client_credentials'] }),
      client_id: word('client_id').describe('Which client it is.'),
      client_secret: word('client_secret').describe('Told once, when the client was made.'),
      scope: z
        .preprocess(toText, z.string('scope must be a text of scopes with spaces between them').optional())
        .describe('The scopes wanted, with spaces between them: all that the client has, where none are named.'),
      account_id: z
        .preprocess(toText, z.string('account_id must be a text').optional())
        .describe('Must be the client’s own account.'),
    },
    'The request body must be an object',
  ),
)

/** A client that asks for a token. */
export type TokenRequest = z.infer<typeof TokenRequest>

/** Reads the body of a token request. Throws a TokenProblem. */
export function readTokenRequest(body: unknown): TokenRequest {
  const parsed = TokenRequest.safeParse(body)
  if (!parsed.success)
    throw new TokenProblem('invalid_request', parsed.error.issues.map(({ message }) => message).join('. '))
  if (parsed.data.grant_type !== 'client_credentials')
    throw new TokenProblem('unsupported_grant_type', 'grant_type must be client_credentials')
  return parsed.data
}

/** The scopes that were asked for: all that the client has, where none were named. Throws a TokenProblem. */
export function scopesFor(client: Client, { scope, account_id: account }: TokenRequest): readonly Scope[] {
  if (account !== undefined && account !== client.account)
    throw new TokenProblem('invalid_request', 'account_id is not the account of this client')
  if (scope === undefined) return client.scopes
  const wanted = new Set(scope.split(' ').filter((name) => name !== ''))
  const granted = client.scopes.filter((name) => wanted.has(name))
  if (granted.length < wanted.size)
    throw new TokenProblem('invalid_scope', `This client may ask for: ${client.scopes.join(' ') || 'no scope at all'}`)
  return granted
}

function word(name: string) {
  return z
    .string(`${name} must be provided`)
    .min(1, `${name} must be provided`)
    .max(wordMax, `${name} is longer than ${wordMax} characters`)
}
