import { createHash, createSecretKey, type KeyObject, randomUUID } from 'node:crypto'

import { type Client, Scope } from '@ott/registry'
import type { NowOrLater } from '@ott/runtime'
import { jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'

/** Tokens live for twenty minutes, and clients are told of somewhat less, so that they renew theirs in time. */
const lifetimeSeconds = 1200
export const expiresInSeconds = 1079

/** Longer than any of ours can be. */
const tokenMax = 4096
const cachedMax = 10_000

const issuer = 'ott-dispatcher'
const algorithm = 'HS256'
/** Names what kind of token it is, so that another kind signed with the same key would not pass: RFC 9068, 2.1. */
const type = 'at+jwt'

const Claims = z.object({
  sub: z.string(),
  account: z.string(),
  scope: z.string().transform((words) => words.split(' ').filter((word) => word !== '')),
  iat: z.number(),
  exp: z.number(),
})

/** What a token says: who its holder is, and what it may be used for. */
export type Grant = {
  readonly client: string
  readonly account: string
  readonly scopes: ReadonlySet<string>
  /** Milliseconds since 1970, of which tokens keep whole seconds. */
  readonly issuedAt: number
}

/** Issues access tokens, and reads them again. */
export type AccessTokens = {
  readonly issue: (client: Client, scopes: readonly Scope[]) => Promise<string>
  /** What a token grants; `undefined` when it is not ours, was changed, or has expired. */
  readonly read: (token: string) => NowOrLater<Grant | undefined>
}

/** The first of the keys signs; all of them verify. */
export function createAccessTokens(keys: readonly [Buffer, ...Buffer[]]): AccessTokens {
  const byId = new Map(keys.map((key) => [keyIdOf(key), createSecretKey(key)]))
  const [current] = keys
  const currentId = keyIdOf(current)
  // Verified tokens alone are kept: made-up ones would drive them out.
  const verified = new LRUCache<string, { readonly grant: Grant; readonly expiresAt: number }>({ max: cachedMax })
  const readAnew = async (token: string): Promise<Grant | undefined> => {
    const claims = token.length > tokenMax ? undefined : await verify(token, byId)
    if (claims === undefined) return undefined
    const { sub: client, account, scope, iat, exp } = claims
    const grant = { client, account, scopes: new Set(scope), issuedAt: iat * 1000 }
    verified.set(token, { grant, expiresAt: exp * 1000 })
    return grant
  }
  return {
    issue: (client, scopes) =>
      new SignJWT({ account: client.account, scope: scopes.join(' ') })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: currentId })
        .setIssuer(issuer)
        .setSubject(client.id)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${lifetimeSeconds} s`)
        .sign(current),
    read: (token) => {
      const known = verified.get(token)
      if (known === undefined) return readAnew(token)
      return known.expiresAt > Date.now() ? known.grant : undefined
    },
  }
}

async function verify(
  token: string,
  keys: ReadonlyMap<string, KeyObject>,
): Promise<z.infer<typeof Claims> | undefined> {
  const find = ({ kid = '' }: { kid?: string }): KeyObject => {
    const key = keys.get(kid)
    if (key === undefined) throw new Error('the token is signed with a key that is not known')
    return key
  }
  try {
    const { payload } = await jwtVerify(token, find, { algorithms: [algorithm], issuer, typ: type })
    return Claims.parse(payload)
  } catch {
    return undefined // Whatever is wrong with it, the client has to get another one.
  }
}

/** Names a key without telling it. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('ott token key id').update(key).digest('hex').slice(0, 8)
}
