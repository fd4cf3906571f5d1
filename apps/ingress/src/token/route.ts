import type { Client } from '@ott/registry'
import type { Logger } from '@ott/runtime'
import express, { type Express, type Request, type RequestHandler } from 'express'

import { isForm, jsonBody } from '../json-body.ts'
import { errorcodes, only, Problem } from '../problem.ts'
import { requestIdOf } from '../request-id.ts'
import { type AccessTokens, expiresInSeconds } from './access-token.ts'
import type { GuessLimit } from './guess-limit.ts'
import { readTokenRequest, scopesFor } from './request.ts'
import { answerTokenProblems, TokenProblem } from './token-problem.ts'

/** The client of this id, if it is enabled and the secret is its own. */
type VerifyClient = (id: string, secret: string) => Promise<Client | undefined>

/** What issuing tokens works with. `publicUrl` is where clients reach this API, if that is not to be read off their requests. */
export type TokenCollaborators = {
  readonly verifyClient: VerifyClient
  readonly accessTokens: AccessTokens
  readonly guessLimit: GuessLimit
  readonly publicUrl: string | undefined
  readonly logger: Logger
}

const path = '/v2/token'

/** Bytes. */
export const bodyMax = 8 * 1024

/** POST /v2/token. */
export function addTokenRoute(app: Express, given: TokenCollaborators): void {
  const readJson = jsonBody(bodyMax)
  const readForm = express.urlencoded({ extended: false, limit: bodyMax })
  const readBody: RequestHandler = (request, response, next) =>
    (isForm(request) ? readForm : readJson)(request, response, next)
  app.route(path).post(readBody, issue(given)).all(only('POST'))
  app.use(path, answerTokenProblems(given.logger))
}

function issue({ publicUrl, accessTokens, logger, ...given }: TokenCollaborators): RequestHandler {
  const identify = createIdentify(given)
  return async (request, response) => {
    const asked = readTokenRequest(request.body)
    const client = await identify(asked.client_id, asked.client_secret, request.ip ?? '')
    const scopes = scopesFor(client, asked)
    const url = publicUrl ?? ownUrl(request)
    const token = await accessTokens.issue(client, scopes)
    logger.info({ requestId: requestIdOf(response), client: client.id, scopes }, 'token.issued')
    response.json({
      access_token: token,
      token_type: 'Bearer',
      expires_in: expiresInSeconds,
      scope: scopes.join(' '),
      rest_instance_url: url,
      // There is no SOAP here; clients of the original API expect the property all the same.
      soap_instance_url: url,
    })
  }
}

function createIdentify({ verifyClient, guessLimit }: Pick<TokenCollaborators, 'verifyClient' | 'guessLimit'>) {
  return async (id: string, secret: string, address: string): Promise<Client> => {
    const waitSeconds = await guessLimit.begin(id, address)
    if (waitSeconds > 0) throw tooManyGuesses(waitSeconds)
    const client = await verifyClient(id, secret)
    if (client === undefined) throw wrongSecret()
    await guessLimit.forgive(id, address)
    return client
  }
}

/** There were too many wrong secrets, from this address or for this client. */
export function tooManyGuesses(waitSeconds: number): Problem {
  return new Problem(429, errorcodes.throttled, 'There were too many failed attempts. Please try again later', {
    headers: { 'Retry-After': String(waitSeconds) },
  })
}

/** Who asks is no client. */
export function wrongSecret(): TokenProblem {
  return new TokenProblem('invalid_client', 'The client_id or client_secret is wrong')
}

/** Where this request came to; clients append paths to it. Of HTTP 1.0 there are requests without a host. */
function ownUrl({ protocol, host = '' }: Pick<Request, 'protocol'> & { readonly host?: string }): string {
  const url = URL.parse(`${protocol}://${host}/`)
  if (url === null || url.pathname !== '/' || url.username !== '' || url.search !== '')
    throw new TokenProblem('invalid_request', 'The Host header is not a host')
  return url.href
}
