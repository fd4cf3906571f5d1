import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

import type { Client, Scope } from '@ott/registry'
import { type NowOrLater, whenKnown } from '@ott/runtime'
import type { NextFunction, Request, RequestHandler, Response } from 'express'

import { tell } from './answer-headers.ts'
import { errorcodes, Problem } from './problem.ts'
import type { Allowance, CountRequest } from './request-limit.ts'
import type { AccessTokens, Grant } from './token/access-token.ts'

/** What the access check works with. */
export type AccessCollaborators = {
  readonly accessTokens: AccessTokens
  /** The client as it is now: a change made anywhere is seen within a second. */
  readonly findClient: (id: string) => NowOrLater<Client | undefined>
  readonly countRequest: CountRequest
}

/** Lets a request through whose access token grants this scope. */
export type Allow = (scope: Scope) => RequestHandler

const caller = Symbol('caller')

/** A request, and whose it is once that is known. */
type Called = IncomingMessage & { [caller]?: Client }

/** Who makes this request. It must have come through {@link Allow}. */
export function callerOf(request: Called): Client {
  const known = request[caller]
  if (known === undefined) throw new Error('this request did not come through the access check')
  return known
}

/**
 * Bearer tokens: https://www.rfc-editor.org/rfc/rfc6750. Beside what the token says, its client must still be there and
 * enabled, and the rate at which it may call not be used up. All of it is mostly known at once.
 */
export function createAllow(given: AccessCollaborators): Allow {
  return (scope) => (request, response, next) => {
    const called: Called = request
    const passed = whenKnown(identify(request, given), ({ client, scopes }) =>
      whenKnown(given.countRequest(client), (allowance) => {
        takeItsTurn(response, allowance)
        if (!scopes.has(scope) || !client.scopes.includes(scope)) throw forbidden(scope)
        called[caller] = client
      }),
    )
    return passed instanceof Promise ? goOn(passed, next) : next()
  }
}

async function goOn(passed: Promise<void>, next: NextFunction): Promise<void> {
  await passed
  next()
}

const sent = Symbol('sent')

/** A connection, and the header that last came over it with the token in it: most clients send the same each time. */
type Connection = Socket & { [sent]?: { readonly authorization: string; readonly token: string | undefined } }

function tokenOf(connection: Connection, authorization: string): string | undefined {
  const known = connection[sent]
  if (known?.authorization === authorization) return known.token
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1]
  connection[sent] = { authorization, token }
  return token
}

type Identity = { readonly client: Client; readonly scopes: Grant['scopes'] }

function identify(request: Request, { accessTokens, findClient }: AccessCollaborators): NowOrLater<Identity> {
  const { authorization } = request.headers
  if (authorization === undefined) throw missingToken()
  const token = tokenOf(request.socket, authorization)
  return whenKnown(token === undefined ? undefined : accessTokens.read(token), (grant) => {
    if (grant === undefined) throw invalidToken()
    return whenKnown(findClient(grant.client), (client) => toIdentity(grant, client))
  })
}

function toIdentity(grant: Grant, client: Client | undefined): Identity {
  if (client?.enabled !== true || client.account !== grant.account) throw invalidToken()
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
  tell(response, 'RateLimit-Policy', `"client";q=${quota};w=${windowSeconds}`)
  tell(response, 'RateLimit', `"client";r=${remaining};t=${resetSeconds}`)
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
