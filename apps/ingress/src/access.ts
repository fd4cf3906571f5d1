import type { Client, Scope } from '@ott/registry'
import type { NowOrLater } from '@ott/runtime'
import type { Request, RequestHandler, Response } from 'express'

import { errorcodes, Problem } from './problem.ts'
import type { Allowance, CountRequest } from './request-limit.ts'
import type { AccessTokens } from './token/access-token.ts'

/** What the access check works with. */
export type AccessCollaborators = {
  readonly accessTokens: AccessTokens
  /** The client as it is now: a change made anywhere is seen within a second. */
  readonly findClient: (id: string) => NowOrLater<Client | undefined>
  readonly countRequest: CountRequest
}

/** Lets a request through whose access token grants this scope. */
export type Allow = (scope: Scope) => RequestHandler

const callers = new WeakMap<object, Client>()

/** Who makes this request. It must have come through {@link Allow}. */
export function callerOf(request: object): Client {
  const caller = callers.get(request)
  if (caller === undefined) throw new Error('this request did not come through the access check')
  return caller
}

/**
 * Bearer tokens: https://www.rfc-editor.org/rfc/rfc6750. Beside what the token says, its client must still be there and
 * enabled, and the rate at which it may call not be used up.
 */
export function createAllow(given: AccessCollaborators): Allow {
  return (scope) => async (request, response, next) => {
    const { client, scopes } = await identify(request, given)
    takeItsTurn(response, await given.countRequest(client))
    if (!scopes.has(scope) || !client.scopes.includes(scope)) throw forbidden(scope)
    callers.set(request, client)
    next()
  }
}

async function identify(request: Request, { accessTokens, findClient }: AccessCollaborators) {
  const { authorization } = request.headers
  if (authorization === undefined) throw missingToken()
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1]
  const grant = token === undefined ? undefined : await accessTokens.read(token)
  const client = grant === undefined ? undefined : await findClient(grant.client)
  if (grant === undefined || client?.enabled !== true || client.account !== grant.account) throw invalidToken()
  // In whole seconds, as tokens have it: one that is issued in the second of a rotation must be good.
  if (grant.issuedAt < client.tokensFrom - (client.tokensFrom % 1000)) throw invalidToken()
  return { client, scopes: grant.scopes }
}

/**
 * Tells a client how much of its rate is left, and throws a Problem when that is nothing:
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers
 */
export function takeItsTurn(
  response: Response,
  { quota, remaining, windowSeconds, resetSeconds, exceeded }: Allowance,
): void {
  response.setHeader('RateLimit-Policy', `"client";q=${quota};w=${windowSeconds}`)
  response.setHeader('RateLimit', `"client";r=${remaining};t=${resetSeconds}`)
  if (exceeded) throw overRate({ quota, windowSeconds, resetSeconds })
}

/** The client has used up its rate. */
export function overRate({
  quota,
  windowSeconds,
  resetSeconds,
}: Pick<Allowance, 'quota' | 'windowSeconds' | 'resetSeconds'>): Problem {
  return new Problem(429, errorcodes.throttled, `This client may make ${quota} requests in ${windowSeconds} s`, {
    headers: { 'Retry-After': String(resetSeconds) },
  })
}

/** The request has no access token. */
export function missingToken(): Problem {
  return unauthorized('An access token must be provided', 'Bearer realm="ott"')
}

/** The access token is no good. */
export function invalidToken(): Problem {
  return unauthorized(
    'The access token is invalid or has expired',
    'Bearer realm="ott", error="invalid_token", error_description="The access token is invalid or has expired"',
  )
}

function unauthorized(message: string, challenge: string): Problem {
  return new Problem(401, errorcodes.unauthorized, message, { headers: { 'WWW-Authenticate': challenge } })
}

/** The access token is good, and does not grant what is asked. */
export function forbidden(scope: Scope): Problem {
  return new Problem(403, errorcodes.insufficientPrivileges, `The access token does not grant the scope ${scope}`, {
    headers: { 'WWW-Authenticate': `Bearer realm="ott", error="insufficient_scope", scope="${scope}"` },
  })
}
