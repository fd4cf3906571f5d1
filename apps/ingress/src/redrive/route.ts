import type { FailedSelection, RedriveBounds, RedriveTally } from '@ott/queue'
import type { Logger } from '@ott/runtime'
import type { Express, RequestHandler } from 'express'

import { type Allow, callerOf } from '../access.ts'
import type { Networks } from '../per-network.ts'
import { only } from '../problem.ts'
import { requestIdOf } from '../request-id.ts'
import { toCursor } from './cursor.ts'
import { createReadRedriveRequest } from './request.ts'

/** Redrives failed deliveries, or counts those that a redrive would take. */
type Redrive = (selection: FailedSelection, bounds: RedriveBounds) => Promise<RedriveTally>

/** What redriving works with. */
export type RedriveCollaborators = {
  readonly networks: Networks
  readonly countFailed: Redrive
  readonly redriveFailed: Redrive
  readonly logger: Logger
}

/** POST /ott/v1/redrive. */
export function addRedriveRoute(
  app: Express,
  allow: Allow,
  readJson: RequestHandler,
  given: RedriveCollaborators,
): void {
  app.route('/ott/v1/redrive').post(allow('ott_chat_messaging_redrive'), readJson, redrive(given)).all(only('POST'))
}

function redrive({ networks, countFailed, redriveFailed, logger }: RedriveCollaborators): RequestHandler {
  const readRedriveRequest = createReadRedriveRequest(Object.keys(networks))
  return async (request, response) => {
    const { id: client, account } = callerOf(request)
    const { dryRun, selection, bounds } = readRedriveRequest(request.body, account)
    const { redriven, byReason, skipped, next } = await (dryRun ? countFailed : redriveFailed)(selection, bounds)
    const cursor = next === undefined ? undefined : toCursor(next)
    if (dryRun) return void response.json({ dryRun, matched: redriven, byReason, skipped, cursor })
    const requestId = requestIdOf(response)
    logger.info({ requestId, client, account, redriven, byReason, skipped }, 'deliveries.redriven')
    response.json({ dryRun, redriven, byReason, skipped, cursor })
  }
}
