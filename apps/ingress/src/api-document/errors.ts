import { forbidden, invalidToken, missingToken, overRate } from '../access.ts'
import { badPath, toErrorBody, toProblem } from '../answer-problems.ts'
import { errorcodes, type Problem, tooLarge, unsupportedMediaType } from '../problem.ts'
import { documented, own } from '../send/messages.ts'
import { toTokenErrorBody } from '../token/token-problem.ts'
import { unavailable, usualMessage } from '../unavailable.ts'
import { type AnswerHeader, always, toClients, withHeaders } from './headers.ts'
import { type Json, refTo } from './json-schema.ts'

/** What each error code means, as people are told. */
const meanings: Readonly<Record<keyof typeof errorcodes, string>> = {
  unauthorized: 'the access token is missing, wrong or over',
  generic: 'none of the others',
  wrongType: 'a value is of another type',
  missing: 'something that is needed is missing',
  incorrectFormat: 'the request is not of a form that is read',
  unparsable: 'the body cannot be read',
  invalidValue: 'a value is not one that is allowed',
  aggregate: 'several things, told in validationErrors',
  insufficientPrivileges: 'the access token does not grant this',
  notFound: 'there is no such thing',
  conflict: 'the Idempotency-Key stands for another request',
  throttled: 'too much at once: come back when Retry-After says',
  unavailable: 'not for the moment: come back when Retry-After says',
}

/** The error codes as a table in Markdown. */
const errorcodesTable = [
  '| errorcode | |',
  '|---|---|',
  ...Object.entries(errorcodes).map(([name, code]) => `| ${code} | ${new Map(Object.entries(meanings)).get(name)} |`),
].join('\n')

const documentation = { type: 'string', description: 'Where to read more of it, if anywhere.' }
const errorcode = { type: 'integer', enum: Object.values(errorcodes), description: errorcodesTable }

const problem = {
  type: 'object',
  required: ['message', 'errorcode', 'documentation'],
  properties: {
    message: { type: 'string', description: 'What is wrong, for a person.' },
    errorcode,
    documentation,
    validationErrors: { type: 'array', items: refTo('schemas', 'ValidationError') },
  },
} as const

/** The schemas of errors. */
export const errorSchemas: Json = {
  Problem: problem,
  ValidationError: {
    type: 'object',
    required: ['message', 'errorcode', 'documentation'],
    properties: {
      message: {
        type: 'string',
        description: 'What of the body is wrong. Of a message that is sent these, and what its network limits besides.',
        examples: [...Object.values(documented), ...Object.values(own)],
      },
      errorcode,
      documentation,
    },
  },
  BatchItemRefused: {
    type: 'object',
    title: 'A request that was not taken',
    description: 'What it would have been answered alone.',
    required: ['status', ...problem.required],
    properties: {
      status: { type: 'integer', minimum: 400 },
      ...problem.properties,
      retryAfter: { type: 'integer', description: 'When to come back, in seconds: the header Retry-After.' },
    },
  },
  TokenProblem: {
    type: 'object',
    required: ['error', 'error_description'],
    properties: {
      error: {
        type: 'string',
        enum: [
          'invalid_request',
          'invalid_client',
          'invalid_scope',
          'unsupported_grant_type',
          'temporarily_unavailable',
          'server_error',
        ],
      },
      error_description: { type: 'string' },
    },
  },
}

/** Answers with problems, each an example of it. */
export function createProblemAnswer(documentationUrl: string) {
  return answerOf('Problem', (given) => toErrorBody(given, documentationUrl))
}

/** Likewise in the form of OAuth. */
export const tokenProblemAnswer = answerOf('TokenProblem', toTokenErrorBody)

function answerOf(schema: string, toBody: (problem: Problem) => unknown) {
  return (description: string, ...problems: Problem[]): Json => {
    const examples = problems.map((each, index) => [
      `error${index + 1}`,
      { summary: each.message.split(/[.:] /)[0], value: toBody(each) },
    ])
    const mayComeBack = problems.some(({ headers }) => 'Retry-After' in headers)
    const answer = {
      description,
      content: { 'application/json': { schema: refTo('schemas', schema), examples: Object.fromEntries(examples) } },
    }
    return mayComeBack ? withHeaders(answer, ['Retry-After']) : answer
  }
}

/** The answers that many calls have in common, by their names. */
export function errorResponses(documentationUrl: string, bodyLimit: number): Json {
  const answer = createProblemAnswer(documentationUrl)
  const told = (headers: readonly AnswerHeader[], description: string, ...problems: Problem[]) =>
    withHeaders(answer(description, ...problems), headers)
  return {
    Unauthorized: told(
      [...always, 'WWW-Authenticate'],
      'The access token is missing, or no longer good: get another.',
      missingToken(),
      invalidToken(),
    ),
    Forbidden: told(
      [...toClients, 'WWW-Authenticate'],
      'The access token does not grant this.',
      forbidden('ott_chat_messaging_send'),
    ),
    TooLarge: told(toClients, 'The body is too large.', tooLarge(bodyLimit)),
    UnsupportedMediaType: told(
      toClients,
      'The body is not declared to be of a type that is read.',
      unsupportedMediaType('The Content-Type must be application/json'),
    ),
    // It is found out before anybody is asked who he is.
    BadPath: told(always, 'The path cannot be read.', badPath()),
    TooManyRequests: told(
      toClients,
      'The client has used up its rate.',
      overRate({ quota: 1000, windowSeconds: 1, resetSeconds: 1 }),
    ),
    Fault: told(always, 'A fault of ours.', toProblem(new Error('a fault'))),
    Unavailable: told(always, 'Not for the moment.', unavailable(usualMessage, undefined)),
  }
}
