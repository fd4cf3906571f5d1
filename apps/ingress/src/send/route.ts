import type { Delivery, History } from '@ott/delivery'
import type { Logger } from '@ott/runtime'
import type { Express, RequestHandler } from 'express'

import type { Networks } from '../per-network.ts'
import { notFound, only } from '../problem.ts'
import { toStatusAnswer } from './answer.ts'
import { createReadSendRequest, type FindSender } from './request.ts'

/** Queues a delivery. Resolves once it is on disk. */
type Enqueue = (delivery: Delivery) => Promise<void>

/** A delivery's history, by its id or by the client's key. */
type FindHistory = (idOrKey: string) => Promise<History | undefined>

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
export function addSendRoutes(app: Express, readJson: RequestHandler, given: SendCollaborators): void {
  app.route(path).post(readJson, send(given)).all(only('POST'))
  app.route(`${path}/:messageId`).get(tellStatus(given)).all(only('GET, HEAD'))
}

function send({ networks, findSender, enqueue, logger }: SendCollaborators): RequestHandler {
  const readSendRequest = createReadSendRequest(networks, findSender)
  return async (request, response) => {
    const delivery = await readSendRequest(request.body)
    await enqueue(delivery)
    const { id, network, sender, contents } = delivery
    logger.info({ deliveryId: id, network, sender, contents: contents.length }, 'delivery.queued')
    response.status(201).location(`${path}/${id}`).json({ ottRequestId: id })
  }
}

function tellStatus({ findHistory }: SendCollaborators): RequestHandler<{ messageId: string }> {
  return async (request, response) => {
    const history = await findHistory(request.params.messageId)
    if (history === undefined) throw notFound('There is no message with this ottRequestId or messageKey')
    response.json(toStatusAnswer(history))
  }
}
