import type { Answer } from './answer.ts'
import { OttError } from './ott-error.ts'

/** One HTTP call. `signal` ends it early: it rejects with the signal's reason then. */
export type Call = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** Makes one call, once. Resolves with every answer there can be; rejects with an OttError where there was none. */
export type MakeCall = (call: Call) => Promise<Answer>

/** Calls what answers at `base`, and waits `timeoutMs` for each answer. */
export function createCall(base: URL, timeoutMs: number): MakeCall {
  return async ({ method, path, headers, body, signal }) => {
    const limit = AbortSignal.timeout(timeoutMs)
    const json = body === undefined ? undefined : JSON.stringify(body)
    try {
      const response = await fetch(new URL(path, base), {
        method,
        headers: {
          accept: 'application/json',
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json !== undefined && { body: json }),
        // To follow one would hand the client's secret, or the message, to whatever is named there.
        redirect: 'manual',
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      })
      return { status: response.status, headers: response.headers, body: parse(await response.text()) }
    } catch (cause) {
      signal?.throwIfAborted()
      const why = limit.aborted ? `did not answer within ${timeoutMs / 1000} s` : 'could not be reached'
      throw new OttError(`${base.origin} ${why}.`, { cause })
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
