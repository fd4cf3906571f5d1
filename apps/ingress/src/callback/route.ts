import type { CallbackRegistry } from '@ott/registry'
import type { Logger } from '@ott/runtime'
import type { Express, RequestHandler } from 'express'

import { type Allow, callerOf } from '../access.ts'
import { notFound, only, type Problem } from '../problem.ts'
import { requestIdOf } from '../request-id.ts'
import { toCallbackAnswer } from './answer.ts'
import { createReadCallbackRequest } from './request.ts'

/** What registering callbacks works with. */
export type CallbackCollaborators = {
  /** Where callbacks may go beside public https, each a `host:port`. */
  readonly callbackHosts: readonly string[]
  /** One callback an account. */
  readonly callbacks: Pick<CallbackRegistry, 'find' | 'put' | 'rotateSecret' | 'remove'>
  readonly logger: Logger
}

const path = '/ott/v1/callback'

/** PUT, GET and DELETE of /ott/v1/callback, and POST of /ott/v1/callback/rotate. */
export function addCallbackRoutes(
  app: Express,
  allow: Allow,
  readJson: RequestHandler,
  given: CallbackCollaborators,
): void {
  const may = allow('ott_callbacks')
  app
    .route(path)
    .put(may, readJson, put(given))
    .get(may, show(given))
    .delete(may, remove(given))
    .all(only('PUT, GET, HEAD, DELETE'))
  app.route(`${path}/rotate`).post(may, rotate(given)).all(only('POST'))
}

/** A secret is told when it is made, and never again. */
function put({ callbackHosts, callbacks, logger }: CallbackCollaborators): RequestHandler {
  const readCallbackRequest = createReadCallbackRequest(callbackHosts)
  return async (request, response) => {
    const { id: client, account } = callerOf(request)
    const { callback, secret } = await callbacks.put(account, readCallbackRequest(request.body))
    const { id: callbackId, types } = callback
    const host = new URL(callback.url).host
    logger.info({ requestId: requestIdOf(response), client, account, callbackId, host, types }, 'callback.registered')
    response.status(secret === undefined ? 200 : 201).json({ ...toCallbackAnswer(callback), secret })
  }
}

function show({ callbacks }: CallbackCollaborators): RequestHandler {
  return async (request, response) => {
    const callback = await callbacks.find(callerOf(request).account)
    if (callback === undefined) throw noCallback()
    response.json(toCallbackAnswer(callback))
  }
}

function rotate({ callbacks, logger }: CallbackCollaborators): RequestHandler {
  return async (request, response) => {
    const { id: client, account } = callerOf(request)
    const rotated = await callbacks.rotateSecret(account)
    if (rotated === undefined) throw noCallback()
    const { callback, secret } = rotated
    const requestId = requestIdOf(response)
    logger.info({ requestId, client, account, callbackId: callback.id }, 'callback.secret-rotated')
    response.json({ ...toCallbackAnswer(callback), secret })
  }
}

function remove({ callbacks, logger }: CallbackCollaborators): RequestHandler {
  return async (request, response) => {
    const { id: client, account } = callerOf(request)
    if (!(await callbacks.remove(account))) throw noCallback()
    logger.info({ requestId: requestIdOf(response), client, account }, 'callback.removed')
    response.status(204).end()
  }
}

/** There is nothing to show, to change or to forget. */
export function noCallback(): Problem {
  return notFound('This account has no callback')
}
