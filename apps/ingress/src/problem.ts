import type { RequestHandler } from 'express'

/** The error codes of the API, under the names of its document. */
export const errorcodes = {
  unauthorized: 0,
  generic: 10_000,
  wrongType: 10_001,
  missing: 10_002,
  incorrectFormat: 10_003,
  unparsable: 10_004,
  invalidValue: 10_005,
  aggregate: 10_006,
  insufficientPrivileges: 20_002,
  notFound: 30_003,
  conflict: 30_004,
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

/** The body is larger than is taken: `limit` is in bytes. */
export function tooLarge(limit: number): Problem {
  return new Problem(413, errorcodes.generic, `The request body is larger than ${limit} bytes`)
}

/** The body is not declared to be JSON. */
export function unsupportedMediaType(message: string): Problem {
  return new Problem(415, errorcodes.incorrectFormat, message)
}

/** The body is JSON, but not of a form that is looked into. */
export function incorrectFormat(message: string): Problem {
  return new Problem(400, errorcodes.incorrectFormat, message)
}

/** A value outside the body is not one that is allowed. */
export function invalidValue(message: string): Problem {
  return new Problem(400, errorcodes.invalidValue, message)
}

/** The body is not JSON. */
export function unparsable(message: string): Problem {
  return new Problem(400, errorcodes.unparsable, message)
}
