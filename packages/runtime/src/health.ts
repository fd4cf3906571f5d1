import type { IncomingMessage, ServerResponse } from 'node:http'

/** Tells whether one thing the program needs is there: resolves with a word on its state, rejects with what is wrong. */
export type Check = () => Promise<string>

/**
 * Answers `/health/live` (the process runs) and `/health/ready` (every check passes; 503 otherwise, saying which does not).
 * Returns whether the request was one of them.
 */
export function createHealth(checks: Readonly<Record<string, Check>>) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const path = request.url?.split('?')[0]
    if (path !== '/health/live' && path !== '/health/ready') return false
    const results = path === '/health/live' ? [] : await Promise.all(Object.entries(checks).map(run))
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

/** Serves nothing but health, for a program (or a port) that has no other business over HTTP. */
export function onlyHealth(health: Health) {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (await health(request, response)) return
    response.writeHead(404, { 'content-type': 'application/json' })
    response.end('{"message":"Here are only /health/live and /health/ready."}')
  }
  return (request: IncomingMessage, response: ServerResponse): void => void answer(request, response)
}

async function run([name, check]: [string, Check]): Promise<{ name: string; ok: boolean; state: string }> {
  try {
    return { name, ok: true, state: await check() }
  } catch (error) {
    return { name, ok: false, state: error instanceof Error ? error.message : String(error) }
  }
}
