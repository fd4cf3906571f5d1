import { isObject } from '../property-names.ts'
import { type Json, refTo } from './json-schema.ts'

/** What answers tell beside their bodies. What is `required` is told by every answer that names it. */
const described = {
  'X-Request-Id': {
    description: 'The request’s id: its own, if it brought a sound one. It goes with all that is logged about it.',
    required: true,
    schema: { type: 'string' },
    example: '0b6f8f0e-3f0d-4a5c-8f0a-7d0a2b1c9e11',
  },
  'RateLimit-Policy': {
    description:
      'The client’s rate, `q` requests in `w` seconds: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers.',
    required: true,
    schema: { type: 'string', pattern: '^"client";q=\\d+;w=\\d+$' },
    example: '"client";q=1000;w=1',
  },
  RateLimit: {
    description: 'How many requests, `r`, are left of the client’s rate for the next `t` seconds.',
    required: true,
    schema: { type: 'string', pattern: '^"client";r=\\d+;t=\\d+$' },
    example: '"client";r=998;t=1',
  },
  'Retry-After': {
    description: 'When to come back, in seconds.',
    required: true,
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  Location: {
    description: 'Where its status is.',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
  },
  'Idempotency-Replayed': {
    description: '`true` where it had been taken before, with the same key; else it is not there.',
    schema: { const: 'true' },
  },
  'WWW-Authenticate': { description: 'What is asked for.', required: true, schema: { type: 'string' } },
} as const satisfies Readonly<Record<string, Json>>

export type AnswerHeader = keyof typeof described

/** The headers of answers, by their names. */
export const answerHeaders: Json = described

/** What every answer has. */
export const always: readonly AnswerHeader[] = ['X-Request-Id']

/** What every answer has that is given to a client who is known by then. */
export const toClients: readonly AnswerHeader[] = [...always, 'RateLimit-Policy', 'RateLimit']

/** An answer with these headers, beside those that it has. */
export function withHeaders(answer: Json, names: readonly AnswerHeader[]): Json {
  const { headers, ...rest } = answer
  const named = Object.fromEntries(names.map((name) => [name, refTo('headers', name)]))
  return { ...rest, headers: { ...named, ...(isObject(headers) ? headers : {}) } }
}
