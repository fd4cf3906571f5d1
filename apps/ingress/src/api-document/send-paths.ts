import { errorcodes, invalid, invalidValue, unparsable } from '../problem.ts'
import { keyOfAll, notTried } from '../send/batch.ts'
import { batchMax, noList, tooMany } from '../send/batch-body.ts'
import { tooManyBatches } from '../send/batches-under-way.ts'
import { documented, own } from '../send/messages.ts'
import { noSuchMessage } from '../send/route.ts'
import { anotherBody } from '../send/take.ts'
import { toErrorBody } from '../answer-problems.ts'
import { notTaken, unavailable, whetherTakenUnknown } from '../unavailable.ts'
import type { Documented } from './document.ts'
import { createProblemAnswer } from './errors.ts'
import { ottRequestId, sendExample, sendExamples } from './examples.ts'
import { statusExample } from './history-examples.ts'
import { withHeaders } from './headers.ts'
import { type Json, refTo } from './json-schema.ts'
import { body, bodyErrors, example, json, operation, pathParameter } from './operation.ts'

const tag = 'Messages'

const severalProblems = invalid([
  { message: documented.senderId, errorcode: errorcodes.missing },
  { message: documented.contents, errorcode: errorcodes.missing },
  { message: documented.validityPeriod, errorcode: errorcodes.missing },
  { message: own.messageKeyLong, errorcode: errorcodes.invalidValue },
])

/** The paths of what is sent. */
export function sendPaths(given: Documented): Json {
  return {
    '/ott/v1/send': { post: sendOperation(given) },
    '/ott/v1/send/batch': { post: batchOperation(given) },
    '/ott/v1/send/{messageId}': { get: statusOperation(given) },
  }
}

function examplesOf({ networks }: Documented): Json {
  return Object.assign({}, ...Object.entries(networks).map(([name, definition]) => sendExamples(name, definition)))
}

function sendOperation(given: Documented): Json {
  return operation(tag, 'ott_chat_messaging_send', {
    operationId: 'send',
    summary: 'Send a message',
    description:
      '**201 means that it is on disk**, and will be accounted for. What became of it tells its status.\n\n' +
      'A 503 may mean that it was taken: only with an `Idempotency-Key` is it safe to send it again.',
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description:
          'Makes it safe to repeat: for 24 hours the same key and body are one message. Up to 255 visible ASCII characters; ' +
          'in double quotes if there is a space, comma or backslash.',
        schema: { type: 'string', minLength: 1 },
      },
    ],
    requestBody: body('SendRequest', examplesOf(given)),
    responses: {
      201: withHeaders({ description: 'It is on disk.', ...json('Sent', example('Taken', { ottRequestId })) }, [
        'Location',
        'Idempotency-Replayed',
      ]),
      ...bodyErrors,
      ...sendErrors(given),
    },
  })
}

function sendErrors({ documentationUrl }: Documented): Json {
  const problem = createProblemAnswer(documentationUrl)
  const unreadable = unparsable('The request body is not valid JSON')
  const unavailables = [notTaken, whetherTakenUnknown].map((message) => unavailable(message, undefined))
  return {
    400: problem(
      'It is not in order: all that is wrong is told at once.',
      severalProblems,
      unreadable,
      invalidValue('The Idempotency-Key must not be empty'),
    ),
    422: problem('The Idempotency-Key stands for another request.', anotherBody()),
    503: problem('Not for the moment.', ...unavailables),
  }
}

function batchOperation(given: Documented): Json {
  return operation(tag, 'ott_chat_messaging_send', {
    operationId: 'sendBatch',
    summary: 'Send many messages at once',
    description:
      `Up to ${batchMax} requests, ${given.batchBodyLimit} bytes in all. Each is taken or refused as it would be alone, counts in the ` +
      'client’s rate as it would alone, and has its `Idempotency-Key` as a property. **207 says nothing of any of them: look at ' +
      'each item’s `status`.** When the service gets into trouble on the way, the items that were not begun are told 503.',
    requestBody: batchBody(given),
    responses: { ...bodyErrors, ...batchAnswers(given) },
  })
}

function batchBody({ networks }: Documented): Json {
  const requests = Object.entries(networks).map(([name, definition]) => {
    const request = sendExample(name, definition, definition.contentTypes[0] ?? 'text')
    return Object.assign({}, request, { idempotencyKey: `order-4711 ${name}` })
  })
  const lines = requests.map((request) => JSON.stringify(request)).join('\n')
  const ofJson = { type: 'array', minItems: 1, maxItems: batchMax, items: refTo('schemas', 'BatchRequest') }
  const ofLines = { type: 'string', description: 'A request in each line.' }
  return {
    required: true,
    content: {
      'application/json': { schema: ofJson, examples: example('One for each network', requests) },
      'application/x-ndjson': { schema: ofLines, examples: example('One for each network', lines) },
    },
  }
}

function batchAnswers({ documentationUrl }: Documented): Json {
  const problem = createProblemAnswer(documentationUrl)
  const refused = { status: 400, ...toErrorBody(severalProblems, documentationUrl) }
  const left = unavailable(notTried, undefined)
  const untried = { status: 503, ...toErrorBody(left, documentationUrl), retryAfter: 1 }
  const items = [{ status: 201, ottRequestId }, refused, untried]
  return {
    207: {
      description: 'What became of each.',
      ...json('BatchAnswer', example('One that is taken, and two that are not', { items })),
    },
    400: problem('It is no batch.', noList(), tooMany(), keyOfAll(), unparsable('The request body is not valid JSON')),
    429: problem('The client has used up its rate, or has too much under way.', tooManyBatches()),
    503: problem('None was taken.', unavailable(notTaken, undefined)),
  }
}

function statusOperation({ networks, documentationUrl }: Documented): Json {
  const problem = createProblemAnswer(documentationUrl)
  const examples = Object.entries(networks).map(([name, definition]) => [
    name,
    { summary: `Sent on ${definition.title}`, value: statusExample(name, definition) },
  ])
  return operation(tag, 'ott_chat_messaging_read', {
    operationId: 'status',
    summary: 'Ask what became of a message',
    parameters: [
      pathParameter(
        'messageId',
        'Its ottRequestId, or its messageKey: of several with the same key the newest is told.',
      ),
    ],
    responses: {
      200: { description: 'All that is known of it.', ...json('StatusAnswer', Object.fromEntries(examples)) },
      400: refTo('responses', 'BadPath'),
      404: problem('There is no such message, of this account.', noSuchMessage()),
    },
  })
}
