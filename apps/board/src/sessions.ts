import { createHmac, randomUUID } from 'node:crypto'

import type { Redis } from '@ott/runtime'
import { errors, jwtVerify, SignJWT } from 'jose'

import type { Users } from './users.ts'

/** A working day; then one logs in again. */
export const sessionSeconds = 8 * 60 * 60

const algorithm = 'HS256'
const audience = 'ott-board'

/** Somebody's visit, from login to logout or to its end. */
export type Session = { readonly id: string; readonly name: string; readonly secondsLeft: number }

/** Each is a signed token that the browser keeps; here is kept only which of them were ended early. */
export type Sessions = {
  /** Begins one, and gives its token. */
  readonly start: (name: string) => Promise<string>
  /** The token's session, unless it was forged, has ended, or is of one who may no longer log in. Rejects when Redis is away. */
  readonly find: (token: string) => Promise<Session | undefined>
  /** Ends it at once, wherever else its token may have got to. */
  readonly end: (session: Session) => Promise<void>
}

export type SessionsOptions = {
  readonly users: Users
  /** Signs the tokens: boards with the same key know each other's sessions. */
  readonly key: Buffer
  readonly redis: Redis
  /** In milliseconds since 1970. */
  readonly now?: () => number
}

export function createSessions({ users, key, redis, now = Date.now }: SessionsOptions): Sessions {
  /** A key for each user, so that a new password, or none, ends the sessions there are. */
  const keys = new Map([...users].map(([name, hash]) => [name, createHmac('sha256', key).update(hash).digest()]))
  const nowSeconds = (): number => Math.floor(now() / 1000)

  const keyOf = ({ kid = '' }: { readonly kid?: string }): Buffer => {
    const found = keys.get(kid)
    if (found === undefined) throw new errors.JWSInvalid('no user has this name')
    return found
  }
  const verify = (token: string) =>
    jwtVerify(token, keyOf, {
      algorithms: [algorithm],
      audience,
      currentDate: new Date(now()),
      requiredClaims: ['exp'],
    })

  return {
    start: (name) =>
      new SignJWT()
        .setProtectedHeader({ alg: algorithm, kid: name })
        .setJti(randomUUID())
        .setAudience(audience)
        .setExpirationTime(nowSeconds() + sessionSeconds)
        .sign(keyOf({ kid: name })),
    find: async (token) => {
      const verified = await verify(token).catch(undefinedIfForged)
      if (verified === undefined) return undefined
      const { jti: id = '', exp = 0 } = verified.payload
      if ((await redis.exists(endedKey(id))) > 0) return undefined
      return { id, name: verified.protectedHeader.kid ?? '', secondsLeft: exp - nowSeconds() }
    },
    end: async ({ id, secondsLeft }) => void (await redis.set(endedKey(id), '1', 'EX', Math.max(1, secondsLeft))),
  }
}

function undefinedIfForged(error: unknown): undefined {
  if (!(error instanceof errors.JOSEError)) throw error
}

function endedKey(id: string): string {
  return `ott:board:ended-session:${id}`
}
