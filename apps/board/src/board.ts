import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import type { openQueue } from '@ott/queue'
import type { Health } from '@ott/runtime'
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express'

import { RedactingAdapter } from './redacting-adapter.ts'

export type BoardDependencies = {
  readonly queues: readonly ReturnType<typeof openQueue>[]
  readonly health: Health
  readonly showContents: boolean
}

/** Every network's queue on a page of its own, to look at and not to touch. */
export function createBoard({ queues, health, showContents }: BoardDependencies): Express {
  const Adapter = showContents ? BullMQAdapter : RedactingAdapter
  const serverAdapter = new ExpressAdapter()
  createBullBoard({
    queues: queues.map((queue) => new Adapter(queue, { readOnlyMode: true, allowRetries: false })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'ott-dispatcher', hideDocsLink: true } },
  })
  const app = express()
  app.disable('x-powered-by')
  app.use(protect)
  app.use(answerHealth(health))
  app.use(serverAdapter.getRouter())
  return app
}

/** Nothing is changed from here, nothing is fetched from elsewhere, and no other site may frame it. */
function protect(request: Request, response: Response, next: NextFunction): void {
  response.set({
    'content-security-policy':
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; form-action 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  if (request.method === 'GET' || request.method === 'HEAD') next()
  else response.status(405).set('allow', 'GET, HEAD').json({ message: 'The board only shows: it changes nothing.' })
}

function answerHealth(health: Health): RequestHandler {
  return async (request, response, next) => {
    if (!(await health(request, response))) next()
  }
}
