import { CallbackType } from '@ott/wire'

import { noCallback } from '../callback/route.ts'
import { errorcodes, invalid } from '../problem.ts'
import type { Documented } from './document.ts'
import { createProblemAnswer } from './errors.ts'
import { ottRequestId } from './examples.ts'
import { callbackExample } from './history-examples.ts'
import { type Json, refTo } from './json-schema.ts'
import { body, bodyErrors, example, json, operation } from './operation.ts'

const tag = 'Callbacks'
const scope = 'ott_callbacks'
const path = '/ott/v1/callback'

const url = 'https://shop.example/ott'
const registered = {
  url,
  events: ['message.sent', 'message.failed'],
  includeRequestBody: false,
  createdDateTime: '2026-11-23T09:30:00.000Z',
  enabled: true,
}
const withSecret = { ...registered, secret: 'whsec_…' }

/** The paths of the account's callback. */
export function callbackPaths({ documentationUrl }: Documented): Json {
  const problem = createProblemAnswer(documentationUrl)
  const none = problem('The account has no callback.', noCallback())
  return {
    [path]: { put: registerOperation(problem), get: showOperation(none), delete: removeOperation(none) },
    [`${path}/rotate`]: { post: rotateOperation(none) },
  }
}

function registerOperation(problem: ReturnType<typeof createProblemAnswer>): Json {
  const problems = invalid([
    { message: 'Url is invalid: it must be an https URL', errorcode: errorcodes.invalidValue },
    { message: 'Events must not be empty', errorcode: errorcodes.missing },
  ])
  return operation(tag, scope, {
    operationId: 'registerCallback',
    summary: 'Register the account’s callback, or change it',
    description:
      'An account has one, whichever of its clients registered it. A change keeps the secret, and enables it.',
    requestBody: body('CallbackRequest', {
      all: { summary: 'To be told of everything', value: { url } },
      some: { summary: 'To be told how messages end', value: { url, events: registered.events } },
    }),
    responses: {
      200: { description: 'It is changed.', ...json('CallbackAnswer', example('Changed', registered)) },
      201: { description: 'It is registered.', ...json('CallbackAnswer', example('Registered', withSecret)) },
      400: problem('It is not in order: all that is wrong is told at once.', problems),
      ...bodyErrors,
    },
  })
}

function showOperation(none: Json): Json {
  return operation(tag, scope, {
    operationId: 'showCallback',
    summary: 'Show the account’s callback',
    responses: {
      200: { description: 'It, without its secret.', ...json('CallbackAnswer', example('It is well', registered)) },
      404: none,
    },
  })
}

function removeOperation(none: Json): Json {
  return operation(tag, scope, {
    operationId: 'removeCallback',
    summary: 'Forget the account’s callback',
    description: 'What waits for it is dropped.',
    responses: { 204: { description: 'It is forgotten.' }, 404: none },
  })
}

function rotateOperation(none: Json): Json {
  return operation(tag, scope, {
    operationId: 'rotateCallbackSecret',
    summary: 'Get another secret',
    description: 'For 24 hours both sign.',
    responses: {
      200: { description: 'It, with the new secret.', ...json('CallbackAnswer', example('Rotated', withSecret)) },
      404: none,
    },
  })
}

const summaries: Readonly<Record<CallbackType, string>> = {
  'message.sent': 'The network took it',
  'message.failed': 'It is given up',
  'message.expired': 'Its validity ended first',
  'message.parked': 'It waits for its sender, which the network holds back',
}

/** What is POSTed to an account's callback, by type: https://www.standardwebhooks.com. */
export function callbackWebhooks({ networks }: Documented): Json {
  return Object.fromEntries(CallbackType.options.map((type) => [type, { post: eventOperation(type, networks) }]))
}

/** A body for each network, and what is told beside to who asks for it. */
function examplesOf(type: CallbackType, networks: Documented['networks']): Json {
  const examples = Object.entries(networks).flatMap(([name, definition]) => [
    [name, { summary: `${summaries[type]}: ${definition.title}`, value: callbackExample(name, definition, type) }],
    [
      `${name}-whole`,
      {
        summary: `Likewise, with \`includeRequestBody\``,
        value: callbackExample(name, definition, type, { includeRequestBody: true }),
      },
    ],
  ])
  return Object.fromEntries(examples)
}

const headers = [
  header(
    'webhook-id',
    'The event’s: the same one each time that it comes.',
    { type: 'string' },
    `${ottRequestId}-sent-1`,
  ),
  header('webhook-timestamp', 'When it is POSTed, in seconds since 1970.', { type: 'integer' }, 1_763_956_001),
  header(
    'webhook-signature',
    'One for each secret, with spaces between: `v1,` and, in base64, the HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}`.',
    { type: 'string' },
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
]

function header(name: string, description: string, schema: Json, value: unknown): Json {
  return { name, in: 'header', required: true, description, schema, example: value }
}

function eventOperation(type: CallbackType, networks: Documented['networks']): Json {
  const schema = { allOf: [refTo('schemas', 'CallbackEvent')], properties: { type: { const: type } } }
  return {
    tags: [tag],
    operationId: type,
    summary: summaries[type],
    description:
      'At least once, in no order. One of the type `callback.test`, with empty `data`, may come when an operator tests it.',
    security: [],
    parameters: headers,
    requestBody: { required: true, content: { 'application/json': { schema, examples: examplesOf(type, networks) } } },
    responses: {
      '2XX': {
        description: 'It has arrived, within the time that the operator gives it: 15 seconds, unless set otherwise.',
      },
      410: { description: 'Nothing is wanted any more: the callback is disabled.' },
      default: { description: 'It has not arrived, and comes again.' },
    },
  }
}
