import type { Logger } from '@ott/runtime'
import type { ErrorRequestHandler } from 'express'

import { logProblem, toProblem } from '../answer-problems.ts'
import { errorcodes, Problem } from '../problem.ts'

/** The codes of https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
type TokenErrorCode = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope'

/** Why a client gets no token. */
export class TokenProblem extends Problem {
  readonly code: TokenErrorCode

  constructor(code: TokenErrorCode, description: string) {
    super(code === 'invalid_client' ? 401 : 400, errorcodes.generic, description)
    this.code = code
  }
}

/** Answers every error of the token endpoint in the form of OAuth. */
export function answerTokenProblems(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = toProblem(error)
    logProblem(logger, problem, request, response)
    response.status(problem.status).set(problem.headers).json(toTokenErrorBody(problem))
  }
}

/** A problem as OAuth tells it. */
export function toTokenErrorBody(problem: Problem) {
  const error = problem instanceof TokenProblem ? problem.code : codeOf(problem.status)
  return { error, error_description: problem.message }
}

/** The RFC has no code of its own for most of these; a client that knows none but its codes still learns whose turn it is. */
function codeOf(status: number): string {
  if (status === 429 || status === 503) return 'temporarily_unavailable'
  return status >= 500 ? 'server_error' : 'invalid_request'
}
