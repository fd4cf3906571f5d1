import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

import type { Metrics } from './metrics.ts'
import { within } from './within.ts'

/** Whoever asks for health gives up soon: what has no word on its state by then is not well. */
const checkLimitMs = 1000

/** Whoever asks for more waits longer. */
const tellLimitMs = 5000

/** Tells whether one thing is well: resolves with a word on its state, rejects with what is wrong. */
export type Check = () => Promise<string>

type Checks = Readonly<Record<string, Check>>

/**
 * Answers `/health/ready`: whether the program has what it needs to work (the checks `ready`), and `/health/live`: whether it
 * is well in itself (`live`), or should rather be ended and started again. 503 unless every check passes within a second,
 * saying which does not and why. Returns whether the request was one of them.
 */
export function createHealth(ready: Checks, live: Checks = {}) {
  const byPath = new Map([
    ['/health/live', live],
    ['/health/ready', ready],
  ])
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const checks = byPath.get(request.url?.split('?')[0] ?? '')
    if (checks === undefined) return false
    const results = await Promise.all(Object.entries(checks).map(run))
    const healthy = results.every(({ ok }) => ok)
    response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(
      JSON.stringify({
        status: healthy ? 'ok' : 'unavailable',
        checks: Object.fromEntries(results.map(({ name, state }) => [name, state])),
      }),
    )
    return true
  }
}

export type Health = ReturnType<typeof createHealth>

/** What is told in JSON at one path, to whoever operates the program. It is given what the request asks for. */
export type Telling = { readonly path: string; readonly tell: (query: URLSearchParams) => Promise<unknown> }

/** Serves nothing but health, metrics and what else is told, for a program (or a port) that has no other business over HTTP. */
export function onlyHealth(health: Health, metrics?: Pick<Metrics, 'answer'>, telling?: Telling): RequestListener {
  const more = [metrics && '/metrics', telling?.path].filter((path) => path !== undefined)
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if ((await health(request, response)) || (await metrics?.answer(request, response)) === true) return
    const url = URL.parse(request.url ?? '', 'http://localhost')
    if (telling !== undefined && url?.pathname === telling.path)
      return answerJson(response, await told(telling, url.searchParams))
    const paths = ['/health/live', '/health/ready', ...more].join(', ')
    answerJson(response, { status: 404, body: { message: `Here are only ${paths}.` } })
  }
  return (request, response) => void answer(request, response)
}

type JsonAnswer = { readonly status: number; readonly body: unknown }

async function told({ tell }: Telling, query: URLSearchParams): Promise<JsonAnswer> {
  try {
    return { status: 200, body: await within(tellLimitMs, tell(query), `no answer within ${tellLimitMs} ms`) }
  } catch (error) {
    return { status: 503, body: { message: error instanceof Error ? error.message : String(error) } }
  }
}

function answerJson(response: ServerResponse, { status, body }: JsonAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

async function run([name, check]: [string, Check]): Promise<{ name: string; ok: boolean; state: string }> {
  try {
    return { name, ok: true, state: await within(checkLimitMs, check(), `no answer within ${checkLimitMs} ms`) }
  } catch (error) {
    return { name, ok: false, state: error instanceof Error ? error.message : String(error) }
  }
}
