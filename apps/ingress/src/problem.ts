import type { Logger } from '@ott/runtime'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { z } from 'zod'

/** The error codes of the API, under the names of its document. */
export const errorcodes = {
  generic: 10_000,
  wrongType: 10_001,
  missing: 10_002,
  incorrectFormat: 10_003,
  unparsable: 10_004,
  invalidValue: 10_005,
  aggregate: 10_006,
  insufficientPrivileges: 20_002,
  notFound: 30_003,
  throttled: 50_100,
  unavailable: 50_300,
} as const

/** One thing that is wrong with a request's body. */
export type ValidationError = { readonly message: string; readonly errorcode: number }

type Details = {
  readonly validationErrors?: readonly ValidationError[]
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** What is thrown to answer a request with an error. The message is for the client. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly errorcode: number
  readonly validationErrors: readonly ValidationError[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, errorcode: number, message: string, details: Details = {}) {
    super(message, { cause: details.cause })
    this.status = status
    this.errorcode = errorcode
    this.validationErrors = details.validationErrors
    this.headers = details.headers ?? {}
  }
}

/** Everything that is wrong with a request's body, in one answer. */
export function invalid(validationErrors: readonly ValidationError[]): Problem {
  return new Problem(400, errorcodes.aggregate, 'Please fix the following errors', { validationErrors })
}

/** There is no such thing. */
export function notFound(message: string): Problem {
  return new Problem(404, errorcodes.notFound, message)
}

/** For a path's other methods. The API has no code of its own for them: nothing is found there with such a method. */
export function only(allowed: string): RequestHandler {
  return () => {
    throw new Problem(405, errorcodes.notFound, `This path takes only ${allowed}`, { headers: { Allow: allowed } })
  }
}

/** The body is not declared to be JSON. */
export function unsupportedMediaType(message: string): Problem {
  return new Problem(415, errorcodes.incorrectFormat, message)
}

/** The body is not JSON. */
export function unparsable(message: string): Problem {
  return new Problem(400, errorcodes.unparsable, message)
}

/**
 * The call, with each rejection turned into a 503: what is kept in Redis could not be read or written, whatever the reason,
 * and the client may come back.
 */
export function orUnavailable<Given extends unknown[], Result>(call: (...given: Given) => Promise<Result>) {
  return (...given: Given): Promise<Result> =>
    call(...given).catch((cause: unknown) => {
      throw new Problem(503, errorcodes.unavailable, 'The service is unavailable for the moment. Please try again', {
        headers: { 'Retry-After': '1' },
        cause,
      })
    })
}

/** Answers every error of every route: the one place where an error gets its form on the wire. */
export function answerProblems(documentation: string, logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = toProblem(error)
    const { status, errorcode, message } = problem
    const validationErrors = problem.validationErrors?.map((item) => ({
      message: item.message,
      errorcode: item.errorcode,
      documentation,
    }))
    const seen = { method: request.method, path: request.path, status, errorcode }
    if (status >= 500) logger.error({ ...seen, reason: reasonOf(problem.cause) }, 'request.failed')
    else
      logger.info(
        { ...seen, problems: problem.validationErrors?.map((item) => item.message) ?? [message] },
        'request.refused',
      )
    response.status(status).set(problem.headers).json({ message, errorcode, documentation, validationErrors })
  }
}

/** What Express and its body parser throw: https://expressjs.com/en/resources/middleware/body-parser.html#errors */
const HttpFault = z.object({
  status: z.int().min(400).max(499),
  type: z.string().optional(),
  limit: z.number().optional(),
})
type HttpFault = z.infer<typeof HttpFault>

const byType = new Map<string | undefined, (fault: HttpFault) => Problem>([
  ['entity.parse.failed', () => unparsable('The request body is not valid JSON')],
  ['encoding.unsupported', () => unsupportedMediaType('The Content-Encoding must be gzip, deflate, br or identity')],
  ['charset.unsupported', () => unsupportedMediaType('The charset must be utf-8')],
  [
    'entity.too.large',
    ({ limit }) => new Problem(413, errorcodes.generic, `The request body is larger than ${limit} bytes`),
  ],
])

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof URIError) return new Problem(400, errorcodes.incorrectFormat, 'The path is not properly encoded')
  const fault = HttpFault.safeParse(error).data
  if (fault !== undefined) return byType.get(fault.type)?.(fault) ?? unparsable('The request body could not be read')
  return new Problem(500, errorcodes.generic, 'The request failed because of a fault on our side', { cause: error })
}

// The stack alone: an error of Redis carries its command, and with it what a client sent, as a property.
function reasonOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
