import { isUtf8 } from 'node:buffer'

import express, { type NextFunction, type Request, type RequestHandler } from 'express'

import { whyTooIntricate } from './intricacy.ts'
import { theirTurn } from './their-turn.ts'
import { incorrectFormat, unparsable, unsupportedMediaType } from './problem.ts'

const jsonType = /^application\/([\w.+-]+\+)?json\s*(;|$)/i
const formType = /^application\/x-www-form-urlencoded\s*(;|$)/i

/** Whether a request's body is declared to be a form. */
export function isForm({ headers }: Request): boolean {
  return formType.test(headers['content-type'] ?? '')
}

/** Whether a request's body is declared to be JSON. */
export function isJson({ headers }: Request): boolean {
  return jsonType.test(headers['content-type'] ?? '')
}

/** Throws a Problem where a request has no body, or one that is not declared to be of these `types`. */
export function requireBody(request: Request, isExpected: (request: Request) => boolean, types: string): void {
  if (lengthOf(request) === '0') throw unparsable('The request body is empty')
  if (!isExpected(request)) throw unsupportedMediaType(`The Content-Type must be ${types}`)
}

function lengthOf({ headers }: Request): string {
  return headers['content-length'] ?? headers['transfer-encoding'] ?? '0'
}

/** Reads a request's JSON body of at most `limit` bytes, after decompression. */
export function jsonBody(limit: number): RequestHandler {
  const read = jsonReader(limit)
  return (request, response, next) => {
    requireBody(request, isJson, 'application/json')
    read(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error)
      const hindrance = whyTooIntricate(request.body)
      next(hindrance === undefined ? undefined : incorrectFormat(`The request body ${hindrance}`))
    })
  }
}

/** Reads a body that is known to be JSON, however intricate. */
export function jsonReader(limit: number): RequestHandler {
  const readAny = express.json({ limit, strict: false, type: () => true, verify: checkBytes })
  return (request, response, next) => {
    if (Number(lengthOf(request)) <= limit && isPlain(request.headers)) void readPlain(request, next)
    else readAny(request, response, next)
  }
}

const plainType = /^application\/json(; ?charset=utf-8)?$/i

/** Whether a body is neither compressed nor of another charset than JSON's own, as nearly all of them. */
function isPlain(headers: Request['headers']): boolean {
  return headers['content-encoding'] === undefined && plainType.test(headers['content-type'] ?? '')
}

const utf8 = new TextDecoder()

/** Reads a plain body, bounded by its length, without what body-parser does for bodies of any kind. */
async function readPlain(request: Request, next: NextFunction): Promise<void> {
  try {
    const bytes = await bytesOf(request)
    await theirTurn()
    checkBytes(request, undefined, bytes, 'utf-8')
    request.body = parse(utf8.decode(bytes))
  } catch (error) {
    return next(error)
  }
  next()
}

function bytesOf(request: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('error', () => reject(new BadBody('request.aborted')))
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)))
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BadBody('entity.parse.failed')
  }
}

/** What is wrong with a body, in the form in which body-parser tells it, and hands it on. */
class BadBody extends Error {
  readonly status = 400
  readonly type: 'bytes.none' | 'bytes.not-utf-8' | 'entity.parse.failed' | 'request.aborted'

  constructor(type: BadBody['type']) {
    super(type)
    this.type = type
  }
}

/** For body-parser's `verify`. Bytes that are no UTF-8 would come out as other text than the client meant. */
export function checkBytes(_request: unknown, _response: unknown, bytes: Buffer, charset: string): void {
  if (bytes.length === 0) throw new BadBody('bytes.none')
  if (charset === 'utf-8' && !isUtf8(bytes)) throw new BadBody('bytes.not-utf-8')
}
