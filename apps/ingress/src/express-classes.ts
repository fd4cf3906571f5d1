import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http'

import type { Express } from 'express'

/**
 * Has a server make its requests and answers with the prototypes that this app wants them to have. Express would change those of
 * each, which costs V8 what it has learned of them. For `listen`, with what else the server's options are.
 */
export function withExpressClasses(app: Express, options: ServerOptions): ServerOptions {
  class Request extends IncomingMessage {}
  class Response<Asked extends IncomingMessage> extends ServerResponse<Asked> {}
  Object.setPrototypeOf(Request.prototype, app.request)
  Object.setPrototypeOf(Response.prototype, app.response)
  Object.assign(app, { request: Request.prototype, response: Response.prototype })
  return { ...options, IncomingMessage: Request, ServerResponse: Response }
}
