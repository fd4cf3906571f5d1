import type { History } from '@ott/delivery'
import type { Tracing } from '@ott/runtime'
import { toStatusAnswer } from '@ott/wire'
import type { Express, RequestHandler } from 'express'

import { type Allow, callerOf } from '../access.ts'
import { notFound, only, type Problem } from '../problem.ts'
import { requestIdOf } from '../request-id.ts'
import { notTaken, unavailable } from '../unavailable.ts'
import { batchBody } from './batch-body.ts'
import { type BatchCollaborators, sendBatch } from './batch.ts'
import { limitBatches } from './batches-under-way.ts'
import { readIdempotencyKey } from './idempotency-key.ts'
import { createTakeRequest, type TakeRequest, type TakeRequestCollaborators } from './take-request.ts'
import { traceRequest } from './trace-request.ts'

/** The history of an account's delivery, by its id or by the client's key. */
type FindHistory = (account: string, idOrKey: string) => Promise<History | undefined>

/** Why no delivery should be taken in now, though Redis may be there: asked at each request, so it must be known already. */
type WhyNotNow = () => string | undefined

/** What sending works with. `batchBodyLimit` is in bytes, of a whole batch. */
export type SendCollaborators = TakeRequestCollaborators &
  BatchCollaborators & {
    readonly findHistory: FindHistory
    readonly whyNotNow: WhyNotNow
    readonly batchBodyLimit: number
    /** Nothing is traced without it. */
    readonly tracing?: Tracing | undefined
  }

const path = '/ott/v1/send'
const batchPath = `${path}/batch`

const jsonType = 'application/json; charset=utf-8'

/** POST /ott/v1/send, POST /ott/v1/send/batch and GET /ott/v1/send/{messageId}. */
export function addSendRoutes(app: Express, allow: Allow, readJson: RequestHandler, given: SendCollaborators): void {
  const { tracing } = given
  const traced = (route: string) => (tracing === undefined ? [] : [traceRequest(route, tracing, route === batchPath)])
  const [maySend, takesSome] = [allow('ott_chat_messaging_send'), refuseForNow(given)]
  const takeRequest = createTakeRequest(given)
  app.route(path).post(maySend, traced(path), takesSome, readJson, send(takeRequest)).all(only('POST'))
  // Before the batch: that may be a message's key.
  app.route(`${path}/:messageId`).get(allow('ott_chat_messaging_read'), tellStatus(given))
  const batch = [limitBatches(), batchBody(given.batchBodyLimit), sendBatch(takeRequest, given)]
  app.route(batchPath).post(maySend, traced(batchPath), takesSome, batch).all(only('GET, HEAD, POST'))
  app.route(`${path}/:messageId`).all(only('GET, HEAD'))
}

/** There is no such message, of this account. */
export function noSuchMessage(): Problem {
  return notFound('There is no message with this ottRequestId or messageKey')
}

function refuseForNow({ whyNotNow }: SendCollaborators): RequestHandler {
  return (_request, _response, next) => {
    const reason = whyNotNow()
    if (reason !== undefined) throw unavailable(notTaken, reason)
    next()
  }
}

function send(takeRequest: TakeRequest): RequestHandler {
  return async (request, response) => {
    const key = readIdempotencyKey(request)
    const requestId = requestIdOf(response)
    const { id, repeated } = await takeRequest({ caller: callerOf(request), requestId, key, body: request.body })
    if (repeated) response.setHeader('Idempotency-Replayed', 'true')
    const body = JSON.stringify({ ottRequestId: id })
    // Without what Express's `json` does for answers of any kind.
    const headers = ['Content-Type', jsonType, 'Content-Length', String(body.length), 'Location', `${path}/${id}`]
    response.writeHead(201, headers).end(body, 'latin1')
  }
}

function tellStatus({ findHistory }: SendCollaborators): RequestHandler<{ messageId: string }> {
  return async (request, response) => {
    const history = await findHistory(callerOf(request).account, request.params.messageId)
    if (history === undefined) throw noSuchMessage()
    response.json(toStatusAnswer(history))
  }
}
