import { type Answer, type Call, type Exchange, NoAnswer } from '@ott/delivery'
import pRetry from 'p-retry'
import { Agent, request } from 'undici'

/** An answer larger than this is none a network gives. */
const answerMaxBytes = 1024 * 1024

/** Repeats of one call, within seconds: after 0.25, 0.5 and 1 s, each up to doubled by chance. What takes longer is deferred. */
const repeats = { retries: 3, factor: 2, randomize: true } as const
const firstRepeatMs = 250

/** Failures to make a connection, which the network therefore cannot have seen the call of. */
const unconnected = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

export type HttpOptions = {
  /** How long a network may take to connect, to answer, and between two pieces of an answer. */
  readonly timeoutMs: number
  /** The wait before a call's first repeat; the next ones wait twice as long each. */
  readonly firstRepeatMs?: number
}

/** The networks' HTTP: a pool of kept-alive connections to each origin. Redirects are not followed. */
export type Http = { readonly exchange: Exchange; readonly close: () => Promise<void> }

export function openHttp({ timeoutMs, firstRepeatMs: minTimeout = firstRepeatMs }: HttpOptions): Http {
  const agent = new Agent({
    connectTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: answerMaxBytes,
  })
  return { exchange: (call) => repeated(call, agent, minTimeout), close: () => agent.close() }
}

/** An answer that should be another within seconds, while p-retry has it. */
class Passing extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`passing ${answer.status}`)
    this.answer = answer
  }
}

async function repeated(call: Call, agent: Agent, minTimeout: number): Promise<Answer> {
  const once = async (): Promise<Answer> => {
    const answer = await exchangeOnce(call, agent)
    if (call.passing(answer)) throw new Passing(answer)
    return answer
  }
  try {
    return await pRetry(once, {
      ...repeats,
      minTimeout,
      signal: call.signal,
      shouldRetry: ({ error }) => worthRepeating(call, error),
    })
  } catch (error) {
    if (error instanceof Passing) return error.answer
    throw error
  }
}

function worthRepeating(call: Call, error: Error): boolean {
  if (error instanceof Passing) return true
  return error instanceof NoAnswer && (call.repeatable || !error.reached)
}

async function exchangeOnce({ method, url, headers, body, signal }: Call, agent: Agent): Promise<Answer> {
  try {
    const answer = await request(url, { dispatcher: agent, method, headers, body: body ?? null, signal })
    return { status: answer.statusCode, headers: answer.headers, body: parseJson(await answer.body.text()) }
  } catch (error) {
    signal.throwIfAborted()
    throw toNoAnswer(new URL(url).host, error)
  }
}

/** What a text says as JSON; `undefined` where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toNoAnswer(host: string, cause: unknown): NoAnswer {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : String(cause)
  return new NoAnswer(`${host} gave no answer (${code})`, !unconnected.has(code), { cause })
}
