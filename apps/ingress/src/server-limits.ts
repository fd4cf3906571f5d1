import { type IncomingMessage, type Server, type ServerOptions, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

import { errorcodes } from './problem.ts'

/** So many headers are read; the rest of them count as not sent. Honest clients send a tenth. */
const headersMax = 100

/** A connection on which nothing moves for so long is closed, be it that its client does not read the answer. */
const inactivityMs = 60_000

/** A client that sends slowly holds nothing for longer than this. Each call ends within a second, so all this is ample. */
const options: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1000,
  // Above the minute after which usual load balancers close theirs: otherwise one of their requests could meet the closing.
  keepAliveTimeout: 65_000,
}

type Fault = { readonly status: number; readonly errorcode: number; readonly message: string }

/** https://nodejs.org/api/http.html#event-clienterror */
const faults = new Map<string | undefined, Fault>([
  [
    'HPE_HEADER_OVERFLOW',
    { status: 431, errorcode: errorcodes.generic, message: 'The headers of the request are too large' },
  ],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    { status: 408, errorcode: errorcodes.generic, message: 'The request did not arrive in time' },
  ],
])
const notHttp: Fault = { status: 400, errorcode: errorcodes.incorrectFormat, message: 'The request is not proper HTTP' }
const unmet: Fault = { status: 417, errorcode: errorcodes.generic, message: 'Expect must be 100-continue' }

/**
 * How the server deals with what never becomes a request: sent too slowly, too large, or not HTTP. For `listen`; the limits
 * may be replaced by others.
 */
export function createServerLimits(documentation: string, limits: ServerOptions = options) {
  const toBody = ({ message, errorcode }: Fault): string => JSON.stringify({ message, errorcode, documentation })
  const onFault = (error: NodeJS.ErrnoException, connection: Duplex): void => {
    if (error.code === 'ECONNRESET' || !connection.writable) return void connection.destroy()
    const fault = faults.get(error.code) ?? notHttp
    connection.end(toMessage(fault.status, toBody(fault)), () => connection.destroy())
  }
  const onExpectation = (_request: IncomingMessage, response: ServerResponse): void => {
    const body = toBody(unmet)
    const headers = { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body), Connection: 'close' }
    response.writeHead(unmet.status, headers).end(body)
  }
  const prepare = (server: Server): void => {
    server.maxHeadersCount = headersMax
    server.timeout = inactivityMs
    server.on('clientError', onFault).on('checkExpectation', onExpectation)
  }
  return { options: limits, prepare }
}

const contentType = 'application/json; charset=utf-8'

function toMessage(status: number, body: string): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}
