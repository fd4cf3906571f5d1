import { Agent, request } from 'undici'

/** What an HTTP call was answered. `body` is the parsed JSON; `undefined` where there is none. */
export type Answer = { readonly status: number; readonly retryAfterMs: number | undefined; readonly body: unknown }

type CallOptions = {
  readonly body?: object | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Makes calls over connections that are kept. */
export type Caller = {
  /** Rejects when there is no answer, or not in time. */
  readonly call: (method: 'GET' | 'POST' | 'DELETE', url: string, options?: CallOptions) => Promise<Answer>
  readonly close: () => Promise<void>
}

/** A client with its own connections, so many to each host at most. It waits so long for an answer. */
export function openCaller(connections: number, timeoutMs: number): Caller {
  const agent = new Agent({
    connections,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })
  return {
    call: async (method, url, { body, headers = {} } = {}) => {
      const answer = await request(url, {
        method,
        dispatcher: agent,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.body.text()
      const json: unknown = text === '' ? undefined : JSON.parse(text)
      return { status: answer.statusCode, retryAfterMs: toMs(answer.headers['retry-after']), body: json }
    },
    close: () => agent.destroy(),
  }
}

function toMs(retryAfter: string | string[] | undefined): number | undefined {
  return typeof retryAfter === 'string' && /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined
}
