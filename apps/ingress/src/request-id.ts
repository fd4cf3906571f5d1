import { randomUUID } from 'node:crypto'

import type { Request, Response } from 'express'

const header = 'X-Request-Id'

/** Such as a proxy or a client gives: short, and nothing that could mean something elsewhere. */
const acceptable = /^[\w.:+/=-]{1,128}$/

/** Gives each request an id, its own if it brought a sound one, and tells it in the answer. */
export function identifyRequest(request: Request, response: Response): void {
  const given = request.headers['x-request-id']
  response.setHeader(header, typeof given === 'string' && acceptable.test(given) ? given : randomUUID())
}

/** The id of the request that is being answered: it goes with every log line about it. */
export function requestIdOf(response: Response): string | undefined {
  return response.get(header)
}
