import type { History } from '@ott/delivery'
import type { Tracing } from '@ott/runtime'
import { toStatusAnswer } from '@ott/wire'
import type { Express, RequestHandler } from 'express'

import { type Allow, callerOf } from '../access.ts'
import type { Networks } from '../per-network.ts'
import { notFound, only } from '../problem.ts'
import { requestIdOf } from '../request-id.ts'
import { unavailable } from '../unavailable.ts'
import { fingerprintOf, readIdempotencyKey, toLoggedKey } from './idempotency-key.ts'
import { createReadSendRequest, type FindSender } from './request.ts'
import { createTake, type TakeCollaborators } from './take.ts'
import { traceRequest } from './trace-request.ts'
import type { ValidityUnit } from './validity.ts'

/** The history of an account's delivery, by its id or by the client's key. */
type FindHistory = (account: string, idOrKey: string) => Promise<History | undefined>

/** Why no delivery should be taken in now, though Redis may be there: asked at each request, so it must be known already. */
type WhyNotNow = () => string | undefined

/** What sending works with. `validityUnit` is what a validity that is a bare number counts. */
export type SendCollaborators = TakeCollaborators & {
  readonly networks: Networks
  readonly findSender: FindSender
  readonly findHistory: FindHistory
  readonly whyNotNow: WhyNotNow
  readonly validityUnit: ValidityUnit | undefined
  /** Nothing is traced without it. */
  readonly tracing?: Tracing | undefined
}

const path = '/ott/v1/send'

const jsonHeaders = { 'Content-Type': 'application/json; charset=utf-8' }

/** POST /ott/v1/send and GET /ott/v1/send/{messageId}. */
export function addSendRoutes(app: Express, allow: Allow, readJson: RequestHandler, given: SendCollaborators): void {
  const traced = given.tracing === undefined ? [] : [traceRequest(path, given.tracing)]
  const post = [allow('ott_chat_messaging_send'), ...traced, refuseForNow(given), readJson, send(given)]
  app.route(path).post(post).all(only('POST'))
  app.route(`${path}/:messageId`).get(allow('ott_chat_messaging_read'), tellStatus(given)).all(only('GET, HEAD'))
}

function refuseForNow({ whyNotNow }: SendCollaborators): RequestHandler {
  return (_request, _response, next) => {
    const reason = whyNotNow()
    if (reason !== undefined)
      throw unavailable(
        'The service takes no messages for the moment. This one was not taken. Please try again',
        reason,
      )
    next()
  }
}

function send({ networks, findSender, validityUnit, ...given }: SendCollaborators): RequestHandler {
  const readSendRequest = createReadSendRequest(networks, findSender, validityUnit)
  const take = createTake(given)
  return async (request, response) => {
    const { id: client, account } = callerOf(request)
    const key = readIdempotencyKey(request)
    const repeatable = key === undefined ? undefined : { account, key, fingerprint: fingerprintOf(request.body) }
    const taken = await take(repeatable, () => readSendRequest(request.body, account))
    const { id, repeated, delivery: { network, sender, contents } = {} } = taken
    const requestId = requestIdOf(response)
    given.logger.info(
      { requestId, deliveryId: id, client, network, sender, contents: contents?.length, keyHash: toLoggedKey(key) },
      repeated ? 'delivery.repeated' : 'delivery.queued',
    )
    if (repeated) response.setHeader('Idempotency-Replayed', 'true')
    const body = JSON.stringify({ ottRequestId: id })
    // Without what Express's `json` does for answers of any kind.
    response.writeHead(201, { ...jsonHeaders, 'Content-Length': body.length, Location: `${path}/${id}` }).end(body)
  }
}

function tellStatus({ findHistory }: SendCollaborators): RequestHandler<{ messageId: string }> {
  return async (request, response) => {
    const history = await findHistory(callerOf(request).account, request.params.messageId)
    if (history === undefined) throw notFound('There is no message with this ottRequestId or messageKey')
    response.json(toStatusAnswer(history))
  }
}
