import type { Logger } from '@ott/runtime'
import type { Request, RequestHandler, Response } from 'express'

import { callerOf, takeItsTurn } from '../access.ts'
import { logProblem, toErrorBody, toProblem } from '../answer-problems.ts'
import { whyTooIntricate } from '../intricacy.ts'
import { incorrectFormat, invalidValue, Problem, tooLarge } from '../problem.ts'
import type { CountRequest } from '../request-limit.ts'
import { requestIdOf } from '../request-id.ts'
import { limitPatience, unavailable } from '../unavailable.ts'
import type { CountItems } from './batch-metrics.ts'
import { splitOffKey } from './idempotency-key.ts'
import type { TakeRequest } from './take-request.ts'

/** What batches work with. `bodyLimit` is in bytes, of one request. */
export type BatchCollaborators = {
  readonly countRequest: CountRequest
  readonly bodyLimit: number
  readonly documentationUrl: string
  readonly countItems: CountItems
  readonly logger: Logger
}

/**
 * So many requests are taken in at a time: as many as go to Redis in one script. Between them others' requests have their turn, and
 * each part has the patience with Redis that a request alone has.
 */
const togetherMax = 100

/** What became of one request of a batch: what it would be answered alone. `retryAfter` is the header of that name, in seconds. */
type ItemAnswer =
  | { readonly status: 201; readonly ottRequestId: string; readonly idempotencyReplayed?: true }
  | (ReturnType<typeof toErrorBody> & { readonly status: number; readonly retryAfter?: number })

type TakeItem = (item: unknown, index: number) => Promise<ItemAnswer>

/** What is told of a request that was not begun. */
export const notTried = 'The service is unavailable for the moment. This one was not taken. Please try again'

/**
 * Answers a batch with what became of each of its requests, in their order: each is taken or refused as it would be alone. When
 * Redis is in trouble, or the client is gone, what was not begun by then is left.
 */
export function sendBatch(takeRequest: TakeRequest, given: BatchCollaborators): RequestHandler {
  return async (request, response) => {
    if (request.headers['idempotency-key'] !== undefined) throw keyOfAll()
    const items = itemsOf(request)
    const takeItem = createTakeItem(request, response, takeRequest, given)
    const answers: ItemAnswer[] = []
    while (answers.length < items.length && !response.closed) {
      const from = answers.length
      const part = items.slice(from, from + togetherMax)
      answers.push(...(await Promise.all(part.map((item, index) => takeItem(item, from + index)))))
      if (answers.some(({ status }) => status === 503)) break
    }
    const untried = items.length - answers.length
    const refused = answers.filter(({ status }) => status !== 201)
    const taken = answers.length - refused.length
    given.logger.info({ requestId: requestIdOf(response), requests: items.length, taken, untried }, 'batch.answered')
    const left = toAnswer(unavailable(notTried, undefined), given)
    given.countItems({ status: 201 }, taken)
    for (const answer of refused) given.countItems(answer)
    if (untried > 0) given.countItems(response.closed ? { status: 'none' } : left, untried)
    response.status(207).json({ items: [...answers, ...Array.from({ length: untried }, () => left)] })
  }
}

/** A header cannot tell one request from another. */
export function keyOfAll(): Problem {
  return invalidValue('A batch has no Idempotency-Key header: give each of its requests a property idempotencyKey')
}

function itemsOf({ body }: Request): readonly unknown[] {
  return Array.isArray(body) ? body : []
}

function createTakeItem(
  request: Request,
  response: Response,
  takeRequest: TakeRequest,
  given: BatchCollaborators,
): TakeItem {
  const caller = callerOf(request)
  const requestId = requestIdOf(response)
  const take: TakeItem = async (item, index) => {
    // The first one was counted as the batch came in.
    if (index > 0) takeItsTurn(response, await given.countRequest(caller))
    if (item instanceof Problem) throw item
    checkSize(item, given.bodyLimit)
    const { id, repeated } = await takeRequest({ caller, requestId, ...splitOffKey(item), item: index })
    return { status: 201, ottRequestId: id, ...(repeated && { idempotencyReplayed: true }) }
  }
  return (item, index) =>
    limitPatience(() => take(item, index)).catch((error: unknown) => {
      const problem = toProblem(error)
      logProblem(given.logger, problem, request, response, index)
      return toAnswer(problem, given)
    })
}

/** What is asked of a request's body on its own. */
function checkSize(item: unknown, bodyLimit: number): void {
  const hindrance = whyTooIntricate(item)
  if (hindrance !== undefined) throw incorrectFormat(`The request body ${hindrance}`)
  if (Buffer.byteLength(JSON.stringify(item)) > bodyLimit) throw tooLarge(bodyLimit)
}

function toAnswer(problem: Problem, { documentationUrl }: BatchCollaborators): ItemAnswer {
  const retryAfter = problem.headers['Retry-After']
  return {
    status: problem.status,
    ...toErrorBody(problem, documentationUrl),
    ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
  }
}
