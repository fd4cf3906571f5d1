import { listen } from '@ott/runtime'
import { z } from 'zod'

import { createSandbox, type SandboxOptions } from './sandbox.ts'

export type Reply = { readonly status: number; readonly headers: Headers; readonly body: unknown }

type Sent = { readonly headers?: Record<string, string>; readonly method?: string }

export const person = 'U0123456789abcdef0123456789abcdef'
export const hello = { type: 'text', text: 'hello' }

/** As many of the same. */
export function repeat<Item>(count: number, item: Item): Item[] {
  return Array.from({ length: count }, () => item)
}

/** A sandbox on a free port, with a clock that stands still until a test moves it, for tests. */
export async function openTestSandbox(options: Partial<SandboxOptions> = {}) {
  const clock = { now: Date.UTC(2026, 9, 1) }
  const bugs: unknown[] = []
  const sandbox = createSandbox({ now: () => clock.now, onBug: (bug) => bugs.push(bug), ...options })
  const { server, url, close } = await listen(sandbox.requests, { host: '127.0.0.1', port: 0, variable: 'PORT' })

  async function call(path: string, body?: unknown, { headers = {}, method }: Sent = {}): Promise<Reply> {
    const response = await fetch(url + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parsed(text) }
  }

  return {
    url,
    clock,
    call,
    /** The control API's answer to a POST, or to a GET. */
    control: async (path: string, body?: unknown) => (await call(`/sandbox${path}`, body)).body,
    /** An Authorization header for LINE, with a new token of the channel. */
    authorize: async (channelId: string) => {
      const form = `grant_type=client_credentials&client_id=${channelId}&client_secret=any`
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const { body } = await call('/line/oauth2/v3/token', form, { headers })
      return { authorization: `Bearer ${z.object({ access_token: z.string() }).parse(body).access_token}` }
    },
    /** A reply token, as if the person had just written. */
    replyToken: async (issue: { userId: string; lifetimeSeconds?: number }) => {
      const { body } = await call('/sandbox/line/reply-tokens', issue)
      return z.object({ replyToken: z.string() }).parse(body).replyToken
    },
    /** Cuts all connections, those that stay open too. */
    cut: () => server.closeAllConnections(),
    /** Ends it, and throws what went wrong inside. */
    close: async () => {
      sandbox.close()
      await close()
      if (bugs.length > 0) throw new AggregateError(bugs, 'the sandbox has bugs')
    },
  }
}

export type TestSandbox = Awaited<ReturnType<typeof openTestSandbox>>

/** What is not JSON comes as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
