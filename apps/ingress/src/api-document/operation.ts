import type { Scope } from '@ott/registry'

import { isObject } from '../property-names.ts'
import { type AnswerHeader, always, toClients, withHeaders } from './headers.ts'
import { type Json, refTo } from './json-schema.ts'

/** What of an operation is its own. `responses` are by status. */
type Described = {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Json[]
  readonly requestBody?: Json
  readonly responses: Json
}

/** An operation of this tag that anybody may call. */
export function openOperation(tag: string, described: Described): Json {
  return { tags: [tag], security: [], ...described, responses: answersWith(() => always, described.responses) }
}

/** An operation for clients with this scope, with the errors that all such have. */
export function operation(tag: string, scope: Scope, { description = '', responses, ...described }: Described): Json {
  return {
    tags: [tag],
    ...described,
    description: `${description}\n\nNeeds the scope \`${scope}\`.`.trim(),
    security: [{ bearer: [scope] }],
    responses: {
      401: refTo('responses', 'Unauthorized'),
      403: refTo('responses', 'Forbidden'),
      429: refTo('responses', 'TooManyRequests'),
      500: refTo('responses', 'Fault'),
      503: refTo('responses', 'Unavailable'),
      // With trouble it may not be known whose the request is.
      ...answersWith((status) => (status < 500 ? toClients : always), responses),
    },
  }
}

/** Those of an operation's own with their headers; what is referred to has its own. */
function answersWith(headersOf: (status: number) => readonly AnswerHeader[], responses: Json): Json {
  return Object.fromEntries(
    Object.entries(responses).map(([status, answer]) => [
      status,
      isObject(answer) && !('$ref' in answer) ? withHeaders(answer, headersOf(Number(status))) : answer,
    ]),
  )
}

/** The errors of operations that read a body. */
export const bodyErrors: Json = {
  413: refTo('responses', 'TooLarge'),
  415: refTo('responses', 'UnsupportedMediaType'),
}

/** JSON of this component's schema, with examples by their names. */
export function json(schema: string, examples: Json): Json {
  return { content: { 'application/json': { schema: refTo('schemas', schema), examples } } }
}

/** One example. */
export function example(summary: string, value: unknown): Json {
  return { example: { summary, value } }
}

/** A body that must be there. */
export function body(schema: string, examples: Json): Json {
  return { required: true, ...json(schema, examples) }
}

/** A part of a path. */
export function pathParameter(name: string, description: string, schema: Json = { type: 'string' }): Json {
  return { name, in: 'path', required: true, description, schema }
}
