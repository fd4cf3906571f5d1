import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import type { NetworkQueue } from '@ott/queue'
import { type Health, isRedisTrouble, type TrustedProxies } from '@ott/runtime'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'

import { setHeaders } from './headers.ts'
import { type LoginDependencies, requireLogin } from './login.ts'
import { answerNotice } from './notice.ts'
import { createOperations, type OperationsDependencies } from './operations/operations.ts'
import { RedactingAdapter } from './redacting-adapter.ts'
import { requireSameOrigin } from './same-origin.ts'

export type BoardDependencies = LoginDependencies & {
  readonly operations: OperationsDependencies
  /** The queues that there are now. */
  readonly findQueues: () => Promise<readonly NetworkQueue[]>
  readonly health: Health
  readonly showContents: boolean
  readonly readOnly: boolean
  readonly trustedProxies: TrustedProxies
}

/** How long the board takes the queues that it knows for those that there are. */
const queuesForMs = 2000

/** How all stands, and every queue on a page of its own, for those who have logged in: to look at, and to touch where that is enabled. */
export function createBoard(given: BoardDependencies): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', given.trustedProxies)
  app.use(setHeaders)
  app.use(answerHealth(given.health))
  app.use(requireSameOrigin)
  app.use(requireLogin(given))
  app.use(given.readOnly ? changeNothing : writeNoJobs)
  app.use('/operations', createOperations(given.operations))
  app.use(createBullBoardRouter(given))
  app.use(answerNothing)
  app.use(answerFault(given))
  return app
}

function createBullBoardRouter({ findQueues, showContents, readOnly }: BoardDependencies): RequestHandler {
  const Adapter = showContents ? BullMQAdapter : RedactingAdapter
  const serverAdapter = new ExpressAdapter()
  const { replaceQueues } = createBullBoard({
    queues: [],
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: 'ott-dispatcher',
        hideDocsLink: true,
        miscLinks: [
          { text: 'Operations', url: '/operations' },
          { text: 'Log out', url: '/logout' },
        ],
      },
    },
  })
  const router: RequestHandler = serverAdapter.getRouter()
  let foundAt = -Infinity
  const refresh = async (): Promise<void> => {
    if (performance.now() - foundAt < queuesForMs) return
    const queues = await findQueues()
    replaceQueues(queues.map((queue) => new Adapter(queue, { ...optionsOf(queue), readOnlyMode: readOnly })))
    foundAt = performance.now()
  }
  return async (request, response, next) => {
    // With Redis away the board says so itself, of the queues that it knows.
    await refresh().catch(() => undefined)
    router(request, response, next)
  }
}

/** The hash tag in a queue's name means something to a Redis Cluster, and nothing to a person. */
function optionsOf({ name }: NetworkQueue) {
  return { displayName: name.replaceAll(/[{}]/g, ''), allowRetries: false }
}

const changeNothing: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') next()
  else response.status(405).set('allow', 'GET, HEAD').json({ message: 'The board only shows: it changes nothing.' })
}

/**
 * What a job says comes from the ingress alone; besides, whoever edits what is shown masked would save the mask. And a
 * person is not written to twice: from here a job that was sent could be sent again like one that failed.
 */
const writeNoJobs: RequestHandler = (request, response, next) => {
  if (/\/(add|update-data|retry(\/\w+)?)\/?$/i.test(request.path) && request.method !== 'GET')
    response.status(405).json({ message: 'Deliveries are neither made, rewritten nor sent again here.' })
  else next()
}

function answerHealth(health: Health): RequestHandler {
  return async (request, response, next) => {
    if (!(await health(request, response))) next()
  }
}

const answerNothing: RequestHandler = (request, response) =>
  answerNotice(request, response, 404, 'There is nothing at this address of the board.')

/** What went wrong is the log's business, not the visitor's; that Redis is away is everybody's. */
function answerFault({ logger }: BoardDependencies): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error)
    const status = statusOf(error)
    if (status < 500) return answerNotice(request, response, status, 'The request cannot be read.')
    if (!isRedisTrouble(error)) logger.error({ err: error }, 'board.faulted')
    answerNotice(request, response, status, isRedisTrouble(error) ? redisAway : broken)
  }
}

const redisAway =
  'Redis does not answer, and without it the board knows nothing. What was accepted is safe there, and waits; ' +
  'see that Redis runs, and is reached at REDIS_URL. The board goes on by itself once it is back.'

const broken = 'The board cannot answer just now; its log says why.'

/** Body parsers name a status for what is the request's own fault. */
function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0
  return status >= 400 && status < 500 ? status : 503
}
