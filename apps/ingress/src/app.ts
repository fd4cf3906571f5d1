import type { Health } from '@ott/runtime'
import express, { type Express, type RequestHandler } from 'express'

import { jsonBody } from './json-body.ts'
import { answerProblems, notFound, orUnavailable } from './problem.ts'
import { addRegistrationRoutes, type RegistrationCollaborators } from './registration/route.ts'
import { addSendRoutes, type SendCollaborators } from './send/route.ts'

/**
 * What the ingress works with. The functions that reach Redis may reject for any reason: that is answered with 503.
 * `bodyLimit` is in bytes; `documentationUrl` is told in every error.
 */
export type Collaborators = SendCollaborators &
  RegistrationCollaborators & {
    readonly health: Health
    readonly bodyLimit: number
    readonly documentationUrl: string
  }

/** The whole HTTP interface. Everything network-specific in it comes from `networks`. */
export function createApp({ health, bodyLimit, documentationUrl, ...given }: Collaborators): Express {
  const collaborators = {
    ...given,
    enqueue: orUnavailable(given.enqueue),
    findHistory: orUnavailable(given.findHistory),
    findSender: orUnavailable(given.findSender),
    registerSender: orUnavailable(given.registerSender),
    listSenders: orUnavailable(given.listSenders),
    removeSender: orUnavailable(given.removeSender),
  }
  const readJson = jsonBody(bodyLimit)

  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple')
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })
  addSendRoutes(app, readJson, collaborators)
  addRegistrationRoutes(app, readJson, collaborators)
  app.get('/health/:question', answerHealth(health))
  app.use(() => {
    throw notFound('There is nothing at this path')
  })
  app.use(answerProblems(documentationUrl, given.logger))
  return app
}

function answerHealth(health: Health): RequestHandler {
  return async (request, response, next) => {
    if (!(await health(request, response))) next()
  }
}
