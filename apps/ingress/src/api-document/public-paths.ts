import { notFound } from '../problem.ts'
import type { Documented } from './document.ts'
import { createProblemAnswer } from './errors.ts'
import type { Json } from './json-schema.ts'
import { example, json, openOperation, pathParameter } from './operation.ts'

const tag = 'Service'

const ready = { status: 'ok', checks: { redis: 'durable', memory: '12 % of what Redis may have' } }
const notReady = { status: 'unavailable', checks: { redis: 'no answer within 1000 ms' } }

const unchanged = { description: 'It is as the `If-None-Match` of the request has it.' }

/** The paths of what is told to anybody: how the program is, and this document. */
export function publicPaths({ documentationUrl }: Documented): Json {
  const problem = createProblemAnswer(documentationUrl)
  const nothing = problem('There is nothing here.', notFound('There is nothing at this path'))
  return {
    '/health/{question}': { get: healthOperation(nothing) },
    '/openapi.json': { get: documentOperation() },
    '/docs': { get: pageOperation() },
    '/docs/{file}': { get: fileOperation(nothing) },
  }
}

function healthOperation(nothing: Json): Json {
  const question = { type: 'string', enum: ['live', 'ready'] }
  return openOperation(tag, {
    operationId: 'health',
    summary: 'Ask how the service is',
    parameters: [
      pathParameter('question', 'Whether it is well in itself, or whether it has what it needs to work.', question),
    ],
    responses: {
      200: { description: 'It is well.', ...json('Health', example('Ready', ready)) },
      404: nothing,
      503: { description: 'It is not, and why.', ...json('Health', example('Not ready', notReady)) },
    },
  })
}

function documentOperation(): Json {
  const content = { 'application/json': { schema: { type: 'object' } } }
  return openOperation(tag, {
    operationId: 'apiDocument',
    summary: 'Get this document',
    responses: { 200: { description: 'It.', content }, 304: unchanged },
  })
}

function pageOperation(): Json {
  return openOperation(tag, {
    operationId: 'apiReference',
    summary: 'Read this document as a page',
    responses: { 200: { description: 'A page.', content: texts('text/html') }, 304: unchanged },
  })
}

function fileOperation(nothing: Json): Json {
  return openOperation(tag, {
    operationId: 'apiReferenceFile',
    summary: 'What the page is made of',
    parameters: [pathParameter('file', 'One of its files.')],
    responses: {
      200: { description: 'The file.', content: texts('text/css', 'text/javascript') },
      304: unchanged,
      404: nothing,
    },
  })
}

function texts(...types: string[]): Json {
  return Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }]))
}
