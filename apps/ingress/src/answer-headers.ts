import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'

import type { Express, Response } from 'express'

const own = Symbol('own')

/** An answer, and what it tells in its headers beside what its route does: names and values in turn. */
type Telling = ServerResponse & { [own]?: string[] }

/** Has an answer tell this, instead of what it was told under this name before, and unless its route sets the same header. */
export function tell(response: Telling, name: string, value: string): void {
  const told = (response[own] ??= [])
  const at = told.indexOf(name)
  if (at === -1) told.push(name, value)
  else told[at + 1] = value
}

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[]

/** https://nodejs.org/api/http.html#responsewriteheadstatuscode-statusmessage-headers */
type WriteHead = (this: Response, status: number, message?: string, headers?: Headers) => Response

/**
 * Has an app's answers tell what {@link tell} was given, as they are written: one list of all headers costs Node less than
 * headers that are set one by one, which it keeps by their names in lower case.
 */
export function tellAsWritten(app: Express): void {
  const usual: WriteHead = Reflect.get(app.response, 'writeHead')
  app.response.writeHead = function tellAll(
    this: Response & Telling,
    status: number,
    first?: string | Headers,
    second?: Headers,
  ): Response {
    const [message, headers] = typeof first === 'string' ? [first, second] : [undefined, first]
    const told = this[own] ?? []
    if (Array.isArray(headers)) return usual.call(this, status, message, [...told, ...headers])
    for (const [at, name] of told.entries())
      if (at % 2 === 0 && !this.hasHeader(name)) this.setHeader(name, told[at + 1] ?? '')
    return usual.call(this, status, message, headers)
  }
}
