import type { Health, TrustedProxies } from '@ott/runtime'
import express, { type Express, type RequestHandler } from 'express'

import { type AccessCollaborators, createAllow } from './access.ts'
import { tell, tellAsWritten } from './answer-headers.ts'
import { answerProblems } from './answer-problems.ts'
import { addCallbackRoutes, type CallbackCollaborators } from './callback/route.ts'
import { addApiDocumentRoutes } from './api-document/route.ts'
import { jsonBody } from './json-body.ts'
import { notFound } from './problem.ts'
import { addRedriveRoute, type RedriveCollaborators } from './redrive/route.ts'
import { addRegistrationRoutes, type RegistrationCollaborators } from './registration/route.ts'
import { identifyRequest } from './request-id.ts'
import { addSendRoutes, type SendCollaborators } from './send/route.ts'
import { addTokenRoute, type TokenCollaborators } from './token/route.ts'
import { limitPatience, orUnavailable, whetherTakenUnknown } from './unavailable.ts'

/**
 * What the ingress works with. The functions that reach Redis may reject: trouble with it is answered with 503, all else with 500.
 * `documentationUrl` is told in every error.
 */
export type Collaborators = SendCollaborators &
  RegistrationCollaborators &
  RedriveCollaborators &
  CallbackCollaborators &
  TokenCollaborators &
  AccessCollaborators & {
    readonly health: Health
    readonly trustedProxies: TrustedProxies
  }

/** The whole HTTP interface. Everything network-specific in it comes from `networks`. */
export function createApp(given: Collaborators): Express {
  const collaborators = sayingWhenUnavailable(given)
  const readJson = jsonBody(given.bodyLimit)
  const allow = createAllow(collaborators)

  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('trust proxy', given.trustedProxies)
  tellAsWritten(app)
  app.use((request, response, next) => {
    identifyRequest(request, response)
    tell(response, 'Cache-Control', 'no-store')
    limitPatience(next)
  })
  // What there is no path or method for is told to anybody: it is in the API's document. What there is, its callers alone.
  // Sending comes first: Express tries routes in turn.
  addSendRoutes(app, allow, readJson, collaborators)
  addTokenRoute(app, collaborators)
  addRegistrationRoutes(app, allow, readJson, collaborators)
  addRedriveRoute(app, allow, readJson, collaborators)
  addCallbackRoutes(app, allow, readJson, collaborators)
  addApiDocumentRoutes(app, given)
  app.get('/health/:question', answerHealth(given.health))
  app.use(() => {
    throw notFound('There is nothing at this path')
  })
  app.use(answerProblems(given.documentationUrl, given.logger))
  return app
}

function sayingWhenUnavailable(given: Collaborators): Collaborators {
  return {
    ...given,
    enqueue: orUnavailable(given.enqueue, { message: whetherTakenUnknown }),
    idempotency: {
      find: orUnavailable(given.idempotency.find),
      claim: orUnavailable(given.idempotency.claim),
      accept: orUnavailable(given.idempotency.accept),
    },
    findHistory: orUnavailable(given.findHistory),
    findSender: orUnavailable(given.findSender),
    registerSender: orUnavailable(given.registerSender),
    listSenders: orUnavailable(given.listSenders),
    removeSender: orUnavailable(given.removeSender),
    callbacks: {
      find: orUnavailable((account) => given.callbacks.find(account)),
      put: orUnavailable((account, wanted) => given.callbacks.put(account, wanted)),
      rotateSecret: orUnavailable((account) => given.callbacks.rotateSecret(account)),
      remove: orUnavailable((account) => given.callbacks.remove(account)),
    },
    // These go through many deliveries, or do what takes long on purpose.
    countFailed: orUnavailable(given.countFailed, { lasting: true }),
    redriveFailed: orUnavailable(given.redriveFailed, { lasting: true }),
    verifyClient: orUnavailable(given.verifyClient, { lasting: true }),
    findClient: orUnavailable(given.findClient),
    countRequest: orUnavailable(given.countRequest),
    guessLimit: {
      begin: orUnavailable(given.guessLimit.begin),
      forgive: orUnavailable(given.guessLimit.forgive),
    },
  }
}

function answerHealth(health: Health): RequestHandler {
  return async (request, response, next) => {
    if (!(await health(request, response))) next()
  }
}
