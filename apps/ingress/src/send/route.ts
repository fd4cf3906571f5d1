import type { Delivery, History } from '@ott/delivery'
import type { Logger } from '@ott/runtime'
import type { Express, RequestHandler } from 'express'

import { type Allow, callerOf } from '../access.ts'
import type { Networks } from '../per-network.ts'
import { notFound, only } from '../problem.ts'
import { requestIdOf } from '../request-id.ts'
import { toStatusAnswer } from './answer.ts'
import { createReadSendRequest, type FindSender } from './request.ts'

/** Queues a delivery. Resolves once it is on disk. */
type Enqueue = (delivery: Delivery) => Promise<void>

/** The history of an account's delivery, by its id or by the client's key. */
type FindHistory = (account: string, idOrKey: string) => Promise<History | undefined>

/** What sending works with. */
export type SendCollaborators = {
  readonly networks: Networks
  readonly findSender: FindSender
  readonly enqueue: Enqueue
  readonly findHistory: FindHistory
  readonly logger: Logger
}

const path = '/ott/v1/send'

/** POST /ott/v1/send and GET /ott/v1/send/{messageId}. */
export function addSendRoutes(app: Express, allow: Allow, readJson: RequestHandler, given: SendCollaborators): void {
  app.route(path).post(allow('ott_chat_messaging_send'), readJson, send(given)).all(only('POST'))
  app.route(`${path}/:messageId`).get(allow('ott_chat_messaging_read'), tellStatus(given)).all(only('GET, HEAD'))
}

function send({ networks, findSender, enqueue, logger }: SendCollaborators): RequestHandler {
  const readSendRequest = createReadSendRequest(networks, findSender)
  return async (request, response) => {
    const { id: client, account } = callerOf(request)
    const delivery = await readSendRequest(request.body, account)
    await enqueue(delivery)
    const { id, network, sender, contents } = delivery
    const requestId = requestIdOf(response)
    logger.info({ requestId, deliveryId: id, client, network, sender, contents: contents.length }, 'delivery.queued')
    response.status(201).location(`${path}/${id}`).json({ ottRequestId: id })
  }
}

function tellStatus({ findHistory }: SendCollaborators): RequestHandler<{ messageId: string }> {
  return async (request, response) => {
    const history = await findHistory(callerOf(request).account, request.params.messageId)
    if (history === undefined) throw notFound('There is no message with this ottRequestId or messageKey')
    response.json(toStatusAnswer(history))
  }
}
