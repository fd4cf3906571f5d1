import { isObject, notOurs, toError } from './answer.ts'
import type { MakeCall } from './call.ts'

/** What an API client proves its identity with. */
export type Credentials = { readonly clientId: string; readonly clientSecret: string }

/** An access token, and for how long it is good. */
export type AccessToken = { readonly accessToken: string; readonly expiresInSeconds: number }

/** The access tokens of one API client. */
export type AccessTokens = {
  /** One that is good for a while still. However many ask at a time, one is fetched. */
  readonly get: (signal?: AbortSignal) => Promise<AccessToken>
  /** Forgets one that was refused, unless another has taken its place. */
  readonly drop: (accessToken: string) => void
}

/** The last part of a token's life in which it is no longer used: a call that is under way must end before. */
const spareMs = (lifetimeMs: number): number => Math.min(60_000, lifetimeMs / 10)

type Held = { readonly accessToken: string; readonly endsAt: number; readonly renewAt: number }

/** A renewal under way, and how many calls wait for it. */
type Renewal = { readonly token: Promise<Held>; readonly stop: AbortController; waiting: number }

/** Fetches tokens at /v2/token, and keeps the last one. Repeats are the caller's: its own and these would multiply. */
export function createAccessTokens(call: MakeCall, credentials: Credentials): AccessTokens {
  let held: Held | undefined
  let renewal: Renewal | undefined
  const renew = (): Renewal => {
    const stop = new AbortController()
    return { token: fetchToken(call, credentials, stop.signal), stop, waiting: 0 }
  }
  const renewed = async (signal: AbortSignal | undefined): Promise<Held> => {
    signal?.throwIfAborted()
    const joined = (renewal ??= renew())
    joined.waiting += 1
    try {
      held = await orAborted(joined.token, signal)
      return held
    } finally {
      joined.waiting -= 1
      // It has ended, or nobody wants it any more: it must not keep a process alive.
      if (joined.waiting === 0) {
        joined.stop.abort()
        if (renewal === joined) renewal = undefined
      }
    }
  }
  return {
    get: async (signal) => {
      const known = held !== undefined && performance.now() < held.renewAt ? held : undefined
      const { accessToken, endsAt } = known ?? (await renewed(signal))
      return { accessToken, expiresInSeconds: Math.floor((endsAt - performance.now()) / 1000) }
    },
    drop: (accessToken) => {
      if (held?.accessToken === accessToken) held = undefined
    },
  }
}

async function fetchToken(call: MakeCall, { clientId, clientSecret }: Credentials, signal: AbortSignal): Promise<Held> {
  const askedAt = performance.now()
  const answer = await call({
    method: 'POST',
    path: 'v2/token',
    body: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
    signal,
  })
  if (answer.status !== 200) throw toError(answer)
  const { access_token: accessToken, expires_in: seconds } = isObject(answer.body) ? answer.body : {}
  if (typeof accessToken !== 'string' || typeof seconds !== 'number') throw notOurs(answer)
  const lifetimeMs = seconds * 1000
  return { accessToken, endsAt: askedAt + lifetimeMs, renewAt: askedAt + lifetimeMs - spareMs(lifetimeMs) }
}

/** The renewal is everybody's: whoever gives up waiting for it does not end it for the others. */
async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
