import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** What a scripted network answers: a status with a body, or one of the ways in which no whole answer comes. */
export type Script =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'hang up'
  | 'break off'
  | 'stay silent'
  | ((request: Received) => Script)

/** A call as it arrived. `body` is the parsed JSON, or the text where it is none. */
type Received = {
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly text: string
  readonly body: unknown
}

/** An HTTP server on loopback that answers each path as it is told, and keeps what it received. */
export type ScriptedNetwork = {
  readonly url: string
  readonly received: readonly Received[]
  /** The answers to the next calls of a path, in order; the last one stays. */
  readonly script: (path: string, ...answers: Script[]) => void
  readonly calls: (path: string) => readonly Received[]
  readonly close: () => Promise<void>
}

/** For tests: the wire under a network's adapter, where the sandbox would be more than the test wants. */
export async function startScriptedNetwork(): Promise<ScriptedNetwork> {
  const scripts = new Map<string, Script[]>()
  const received: Received[] = []

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call = toReceived(request, Buffer.concat(chunks).toString())
      received.push(call)
      const left = scripts.get(call.path) ?? []
      play((left.length > 1 ? left.shift() : left[0]) ?? { status: 404, body: {} }, call, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the scripted network has no port')

  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    script: (path, ...answers) => void scripts.set(path, answers),
    calls: (path) => received.filter((call) => call.path === path),
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function play(script: Script, call: Received, response: ServerResponse): void {
  if (typeof script === 'function') return play(script(call), call, response)
  if (script === 'stay silent') return
  if (script === 'hang up') {
    response.destroy()
    return
  }
  if (script === 'break off') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
    response.write('{"mess', () => response.destroy())
    return
  }
  const { status, body = {}, headers = {} } = script
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

function toReceived(request: IncomingMessage, text: string): Received {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://network')
  return { path: pathname, query: searchParams, headers: request.headers, text, body: parse(text) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
