import { errorcodes, invalid } from '../problem.ts'
import { toList } from '../registration/answer.ts'
import { PageQuery } from '../registration/page-request.ts'
import { noSuchPlatform, noSuchSender } from '../registration/route.ts'
import type { Documented } from './document.ts'
import { createProblemAnswer } from './errors.ts'
import { registeredExample, registrationExample } from './examples.ts'
import { isMissed, type Json, refTo, toJsonSchema } from './json-schema.ts'
import { body, bodyErrors, example, json, operation, pathParameter } from './operation.ts'

const tag = 'Senders'
const path = '/ott/v1/registration'

/** The paths of registered senders. */
export function registrationPaths(given: Documented): Json {
  return {
    [path]: { post: registerOperation(given) },
    [`${path}/{platform}`]: { get: listOperation(given) },
    [`${path}/{platform}/{ottPropertyId}`]: { get: showOperation(given), delete: removeOperation(given) },
  }
}

function examplesOf({ networks }: Documented, valueOf: (name: string, of: Networks[string]) => unknown): Json {
  return Object.fromEntries(
    Object.entries(networks).map(([name, definition]) => [
      name,
      { summary: definition.title, value: valueOf(name, definition) },
    ]),
  )
}

type Networks = Documented['networks']

function registerOperation(given: Documented): Json {
  const problem = createProblemAnswer(given.documentationUrl)
  const problems = invalid([
    { message: 'OttPlatformName is invalid', errorcode: errorcodes.invalidValue },
    { message: 'EndpointUrl must be provided', errorcode: errorcodes.missing },
  ])
  return operation(tag, 'ott_channels_write', {
    operationId: 'register',
    summary: 'Register a sender, or overwrite it',
    description: 'Whatever holds the sender back is over with it: its messages that wait are sent.',
    requestBody: body('RegistrationRequest', examplesOf(given, registrationExample)),
    responses: {
      201: { description: 'It is registered.' },
      400: problem('It is not in order: all that is wrong is told at once.', problems),
      ...bodyErrors,
    },
  })
}

function platform({ networks }: Documented): Json {
  return pathParameter('platform', 'The network, in any case.', { type: 'string', enum: Object.keys(networks) })
}

function listOperation(given: Documented): Json {
  const problem = createProblemAnswer(given.documentationUrl)
  const [first = ['', undefined]] = Object.entries(given.networks)
  const [name, definition] = first
  const items = definition === undefined ? [] : [registeredExample(name, definition)]
  const { shape } = PageQuery.out
  const parameters = Object.entries(shape).map(([query, schema]) => {
    const { description, ...rest } = toJsonSchema(schema)
    return { name: query, in: 'query', required: isMissed(schema), description, schema: rest }
  })
  return operation(tag, 'ott_channels_read', {
    operationId: 'listSenders',
    summary: 'List the senders on a network',
    parameters: [platform(given), ...parameters],
    responses: {
      200: {
        description: 'A page of them, without their secrets.',
        ...json(
          'RegistrationList',
          example('The only page', toList(`${path}/${name}`, { page: 1, pageSize: 50 }, items.length, items)),
        ),
      },
      400: problem(
        'There can be no such page.',
        invalid([{ message: '$page must be a whole number of at least 1', errorcode: errorcodes.invalidValue }]),
      ),
      404: problem('There is no such network.', noSuchPlatform()),
    },
  })
}

function parametersOf(given: Documented): Json[] {
  return [platform(given), pathParameter('ottPropertyId', 'The sender’s id.')]
}

function missing(given: Documented): Json {
  const senders = Object.values(given.networks).map((definition) => noSuchSender(definition))
  return {
    400: refTo('responses', 'BadPath'),
    404: createProblemAnswer(given.documentationUrl)('There is no such sender.', ...senders, noSuchPlatform()),
  }
}

function showOperation(given: Documented): Json {
  return operation(tag, 'ott_channels_read', {
    operationId: 'showSender',
    summary: 'Show a sender',
    parameters: parametersOf(given),
    responses: {
      200: { description: 'It, without its secrets.', ...json('Registration', examplesOf(given, registeredExample)) },
      ...missing(given),
    },
  })
}

function removeOperation(given: Documented): Json {
  return operation(tag, 'ott_channels_write', {
    operationId: 'removeSender',
    summary: 'Forget a sender',
    description: 'What it has still to send fails.',
    parameters: parametersOf(given),
    responses: { 204: { description: 'It is forgotten.' }, ...missing(given) },
  })
}
