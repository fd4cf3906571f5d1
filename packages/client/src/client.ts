import { type AccessToken, createAccessTokens, type Credentials } from './access-tokens.ts'
import { type Answer, isObject, notOurs, toError } from './answer.ts'
import { type BatchItem, type BatchRequest, sendBatch } from './batch.ts'
import { type Call, createCall } from './call.ts'
import type { DeliveryStatus, SentStatus } from './delivery-status.ts'
import { toHeader } from './idempotency-key.ts'
import { createRetries, type RetryOptions } from './retries.ts'
import type { SendRequest } from './send-request.ts'
import { waitUntilSent, type WaitOptions } from './wait-until-sent.ts'

/** Where the API is, and who calls. */
export type ClientOptions = Credentials &
  RetryOptions & {
    /** `https://ott.example.com`, with a path where the API is below one. */
    readonly url: string
    /** How long to wait for one answer; 30 s unless said otherwise. */
    readonly timeoutMs?: number
  }

/** Ends a call early: it rejects with the signal's reason. */
export type CallOptions = { readonly signal?: AbortSignal }

/** `idempotencyKey`: with the same one and the same request, there is one delivery, for 24 hours. A new one for each send unless given. */
export type SendOptions = CallOptions & { readonly idempotencyKey?: string }

/** A message that is on disk. `replayed`: an earlier send with this key had been accepted already, and this is its id. */
export type Accepted = { readonly ottRequestId: string; readonly replayed: boolean }

/** Sends messages, and tells what became of them. Every call rejects with an OttError when it is refused or not answered. */
export type Client = {
  /** Sends one message to one person. Resolves once it is on disk, and then it is delivered. */
  readonly send: (request: SendRequest, options?: SendOptions) => Promise<Accepted>
  /** Sends up to 1,000 messages. Resolves with what became of each, in their order. */
  readonly sendBatch: (requests: readonly BatchRequest[], options?: CallOptions) => Promise<BatchItem[]>
  /** What has become of a message, by its ottRequestId or your messageKey. */
  readonly status: (id: string, options?: CallOptions) => Promise<DeliveryStatus>
  /** Resolves when the network has taken a message. Rejects with a DeliveryFailed or a DeliveryUnderWay when it has not. */
  readonly waitUntilSent: (id: string, options?: WaitOptions) => Promise<SentStatus>
  /** A token for calls of your own; it is renewed before its end. */
  readonly accessToken: (options?: CallOptions) => Promise<AccessToken>
}

const usualTimeoutMs = 30_000

/** A client of the API at `url`. Nothing has to be closed. */
export function createClient({ url, timeoutMs = usualTimeoutMs, ...options }: ClientOptions): Client {
  const call = createCall(toBase(url), timeoutMs)
  const retries = createRetries(options)
  const tokens = createAccessTokens(call, options)

  const callAsClient = async ({ headers, ...given }: Call): Promise<Answer> => {
    const { accessToken } = await tokens.get(given.signal)
    const answer = await call({ ...given, headers: { ...headers, authorization: `Bearer ${accessToken}` } })
    if (answer.status === 401) tokens.drop(accessToken)
    return answer
  }
  /** Repeats what passes by itself, and once what a token was refused for: it may have ended early, its client's secret rotated. */
  const request = (given: Call): Promise<Answer> =>
    retries.repeat(async () => {
      const first = await callAsClient(given)
      const answer = first.status === 401 ? await callAsClient(given) : first
      if (answer.status >= 300) throw toError(answer)
      return answer
    }, given.signal)

  const status: Client['status'] = async (id, { signal } = {}) =>
    readStatus(await request({ method: 'GET', path: `ott/v1/send/${encodeURIComponent(id)}`, signal }))
  return {
    send: async (body, { idempotencyKey = crypto.randomUUID(), signal } = {}) => {
      const headers = { 'idempotency-key': toHeader(idempotencyKey) }
      return readAccepted(await request({ method: 'POST', path: 'ott/v1/send', headers, body, signal }))
    },
    sendBatch: (requests, { signal } = {}) => sendBatch(request, requests, retries, signal),
    status,
    waitUntilSent: (id, waitOptions = {}) => waitUntilSent((signal) => status(id, { signal }), waitOptions),
    accessToken: ({ signal } = {}) => retries.repeat(() => tokens.get(signal), signal),
  }
}

// The URL is not repeated in the error: there may be a secret in it.
function toBase(url: string): URL {
  const text = url.endsWith('/') ? url : `${url}/`
  const base = URL.canParse(text) ? new URL(text) : undefined
  if (base === undefined || !/^https?:$/.test(base.protocol) || base.username !== '' || base.password !== '')
    throw new TypeError('The url must be an http or https URL, without a user or password in it.')
  return base
}

function readAccepted(answer: Answer): Accepted {
  const { ottRequestId } = isObject(answer.body) ? answer.body : {}
  if (answer.status !== 201 || typeof ottRequestId !== 'string') throw notOurs(answer)
  return { ottRequestId, replayed: answer.headers.get('idempotency-replayed') === 'true' }
}

function readStatus(answer: Answer): DeliveryStatus {
  if (!isStatus(answer.body)) throw notOurs(answer)
  return answer.body
}

/** As far as it is looked at here: the rest is the API's word, which its own tests hold. */
function isStatus(body: unknown): body is DeliveryStatus {
  if (!isObject(body) || !Array.isArray(body['status'])) return false
  const events: readonly unknown[] = body['status']
  return events.every((happened) => isObject(happened) && typeof happened['event'] === 'string')
}
