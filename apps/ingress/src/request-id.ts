import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { tell } from './answer-headers.ts'

const requestId = Symbol('requestId')

/** An answer, and the id of its request. */
type Identified = ServerResponse & { [requestId]?: string }

/** Such as a proxy or a client gives: short, and nothing that could mean something elsewhere. */
const acceptable = /^[\w.:+/=-]{1,128}$/

/** Gives each request an id, its own if it brought a sound one, and tells it in the answer. */
export function identifyRequest(request: IncomingMessage, response: Identified): void {
  const given = request.headers['x-request-id']
  const id = typeof given === 'string' && acceptable.test(given) ? given : randomUUID()
  response[requestId] = id
  tell(response, 'X-Request-Id', id)
}

/** The id of the request that is being answered: it goes with every log line about it. */
export function requestIdOf(response: Identified): string | undefined {
  return response[requestId]
}
