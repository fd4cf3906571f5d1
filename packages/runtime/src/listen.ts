import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'

import { StartFailure } from './program.ts'

/** How often connections that have become idle are looked for while a server closes. */
const idleSweepMs = 20

/** A request that is still arriving after so long is not waited for. Those that have arrived are answered by then. */
const closeLimitMs = 5000

/** Who sends slowly holds a connection for no longer than this. */
const patience = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1000 } as const

/** A server that takes requests. `url` holds the port the system chose where 0 was asked for. */
export type Listening = { readonly server: Server; readonly url: string; readonly close: () => Promise<void> }

/**
 * Where a server listens. `variable` names the setting the port came from, for the error when it is taken. `exclusive`: not
 * shared with the program's other processes.
 */
type Place = { readonly host: string; readonly port: number; readonly variable: string; readonly exclusive?: boolean }

/** Node's own options, and what is done to the server before it takes its first connection. */
type Manner = { readonly options?: ServerOptions; readonly prepare?: (server: Server) => void }

/** Serves HTTP. `close` takes no further requests and waits for those under way, five seconds at most. */
export async function listen(
  requests: RequestListener,
  { host, port, variable, exclusive = false, options = {}, prepare }: Place & Manner,
): Promise<Listening> {
  const server = createServer({ ...patience, ...options }, requests)
  prepare?.(server)
  server.listen({ port, host, exclusive })
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new StartFailure(whyNotListening(cause, host, port, variable), { cause })
  }
  const address = server.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  return {
    server,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () => closeServer(server),
  }
}

/** Busy clients would keep their connections, and the server, for as long as they like: each gets one more answer on it. */
async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.prependListener('request', (_request, response) => (response.shouldKeepAlive = false))
  server.close()
  const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMs)
  const limit = setTimeout(() => server.closeAllConnections(), closeLimitMs)
  await closed
  clearInterval(sweep)
  clearTimeout(limit)
}

function whyNotListening(cause: unknown, host: string, port: number, variable: string): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  if (code === 'EADDRINUSE')
    return `port ${port} on ${host} is already in use. Stop the program that has it, or set ${variable} to another port.`
  if (code === 'EACCES') return `port ${port} may not be opened by this user. Set ${variable} to a port above 1023.`
  if (code === 'EADDRNOTAVAIL')
    return `${host} is not an address of this machine. Set HOST to one that is, or to 0.0.0.0 for all.`
  return `could not listen on ${host}:${port} (${String(cause)}). Check HOST and ${variable}.`
}
