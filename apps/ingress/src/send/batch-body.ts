import express, { type Request, type RequestHandler } from 'express'

import { checkBytes, isJson, jsonReader, requireBody } from '../json-body.ts'
import { incorrectFormat, type Problem, unparsable } from '../problem.ts'

/** So many requests may stand in a batch. */
export const batchMax = 1000

const linesType = /^application\/(x-)?ndjson\s*(;|$)/i

/**
 * Reads a batch of at most `limit` bytes, after decompression: a JSON array, or a line of JSON for each request
 * (https://github.com/ndjson/ndjson-spec). The body becomes the list of its requests; a line that is no JSON, the Problem that it is.
 */
export function batchBody(limit: number): RequestHandler {
  const readJson = jsonReader(limit)
  const readText = express.text({ limit, type: () => true, verify: checkBytes })
  return (request, response, next) => {
    requireBody(request, (given) => isJson(given) || isLines(given), 'application/json or application/x-ndjson')
    const [read, toItems] = isLines(request) ? [readText, fromLines] : [readJson, fromArray]
    read(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error)
      const items = toItems(request.body)
      if (items === undefined || items.length === 0) return next(noList())
      if (items.length > batchMax) return next(tooMany())
      request.body = items
      next()
    })
  }
}

/** There is nothing to be taken in the body. */
export function noList(): Problem {
  return incorrectFormat(
    'The request body must be a list of requests: a JSON array, or with the Content-Type application/x-ndjson one in each line',
  )
}

/** There is more in the body than is taken at once. */
export function tooMany(): Problem {
  return incorrectFormat(`A batch must not have more than ${batchMax} requests: send the others in further batches`)
}

function isLines({ headers }: Request): boolean {
  return linesType.test(headers['content-type'] ?? '')
}

function fromArray(body: unknown): readonly unknown[] | undefined {
  return Array.isArray(body) ? body : undefined
}

/** No more of them than tell that there are too many: there may be as many lines as bytes. */
function fromLines(text: unknown): readonly unknown[] {
  const items: unknown[] = []
  for (const line of linesOf(String(text))) {
    if (line.trim() !== '') items.push(fromLine(line))
    if (items.length > batchMax) break
  }
  return items
}

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from)
    yield text.slice(from, end === -1 ? undefined : end)
    from = end === -1 ? text.length : end + 1
  }
}

function fromLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return unparsable('The request body is not valid JSON')
  }
}
