import type { Logger } from '@ott/runtime'
import type { ErrorRequestHandler, Request, Response } from 'express'
import { z } from 'zod'

import { errorcodes, incorrectFormat, Problem, tooLarge, unparsable, unsupportedMediaType } from './problem.ts'
import { requestIdOf } from './request-id.ts'

/** Answers every error, token requests' aside: the one place where an error gets its form on the wire. */
export function answerProblems(documentation: string, logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = toProblem(error)
    logProblem(logger, problem, request, response)
    response.status(problem.status).set(problem.headers).json(toErrorBody(problem, documentation))
  }
}

/** A problem as the API tells it. `documentation` is a URL, or empty. */
export function toErrorBody({ message, errorcode, validationErrors }: Problem, documentation: string) {
  return {
    message,
    errorcode,
    documentation,
    validationErrors: validationErrors?.map((item) => ({
      message: item.message,
      errorcode: item.errorcode,
      documentation,
    })),
  }
}

/** Logs a problem that a request is answered with. */
export function logProblem(
  logger: Logger,
  problem: Problem,
  request: Request,
  response: Response,
  /** Its place in a batch, if that has several. */
  item?: number,
): void {
  const { status, errorcode, message, validationErrors } = problem
  const { method } = request
  const seen = { requestId: requestIdOf(response), method, route: routeOf(request), item, status, errorcode }
  if (status === 503) logger.error({ ...seen, reason: messageOf(problem.cause) }, 'request.failed')
  else if (status >= 500) logger.error({ ...seen, reason: reasonOf(problem.cause) }, 'request.failed')
  else logger.info({ ...seen, problems: validationErrors?.map((each) => each.message) ?? [message] }, 'request.refused')
}

const Routed = z.object({ route: z.object({ path: z.string() }) })

/** The path as it is documented: what a client puts into it may be a person's, or a secret in the wrong place. */
function routeOf(request: Request): string | undefined {
  return Routed.safeParse(request).data?.route.path
}

/** What Express and its body parser throw: https://expressjs.com/en/resources/middleware/body-parser.html#errors */
const HttpFault = z.object({
  status: z.int().min(400).max(499),
  type: z.string().optional(),
  limit: z.number().optional(),
})
type HttpFault = z.infer<typeof HttpFault>

const byType = new Map<string | undefined, (fault: HttpFault) => Problem>([
  ['bytes.none', () => unparsable('The request body is empty')],
  ['bytes.not-utf-8', () => unparsable('The request body is not valid UTF-8')],
  ['entity.parse.failed', () => unparsable('The request body is not valid JSON')],
  ['encoding.unsupported', () => unsupportedMediaType('The Content-Encoding must be gzip, deflate, br or identity')],
  ['charset.unsupported', () => unsupportedMediaType('The charset must be utf-8')],
  ['entity.too.large', ({ limit = 0 }) => tooLarge(limit)],
])

/** The problem that an error of any kind is to a client. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof URIError) return badPath()
  const fault = HttpFault.safeParse(error).data
  if (fault !== undefined) return byType.get(fault.type)?.(fault) ?? unparsable('The request body could not be read')
  return new Problem(500, errorcodes.generic, 'The request failed because of a fault on our side', { cause: error })
}

/** The path has a % that is followed by none of what may follow. */
export function badPath(): Problem {
  return incorrectFormat('The path is not properly encoded')
}

/** Where in our code Redis was waited for tells nobody anything, and there may be thousands of these in a second. */
function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

// The stack alone: an error of Redis carries its command, and with it what a client sent, as a property.
function reasonOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
