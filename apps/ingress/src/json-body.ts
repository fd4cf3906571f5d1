import { isUtf8 } from 'node:buffer'

import express, { type Request, type RequestHandler } from 'express'

import { whyTooIntricate } from './intricacy.ts'
import { incorrectFormat, unparsable, unsupportedMediaType } from './problem.ts'

const jsonType = /^application\/([\w.+-]+\+)?json\s*(;|$)/i
const formType = /^application\/x-www-form-urlencoded\s*(;|$)/i

/** Whether a request's body is declared to be a form. */
export function isForm({ headers }: Request): boolean {
  return formType.test(headers['content-type'] ?? '')
}

/** Reads a request's JSON body of at most `limit` bytes, after decompression. */
export function jsonBody(limit: number): RequestHandler {
  const read = express.json({ limit, strict: false, type: () => true, verify: checkBytes })
  return (request, response, next) => {
    const { headers } = request
    if ((headers['content-length'] ?? headers['transfer-encoding'] ?? '0') === '0')
      throw unparsable('The request body is empty')
    if (!jsonType.test(headers['content-type'] ?? ''))
      throw unsupportedMediaType('The Content-Type must be application/json')
    read(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error)
      const hindrance = whyTooIntricate(request.body)
      next(hindrance === undefined ? undefined : incorrectFormat(`The request body ${hindrance}`))
    })
  }
}

/** Thrown to body-parser, which hands it on: what the bytes are not. */
class BadBytes extends Error {
  readonly type: 'bytes.none' | 'bytes.not-utf-8'

  constructor(type: BadBytes['type']) {
    super(type)
    this.type = type
  }
}

/** Bytes that are no UTF-8 would come out as other text than the client meant. */
function checkBytes(_request: unknown, _response: unknown, bytes: Buffer, charset: string): void {
  if (bytes.length === 0) throw new BadBytes('bytes.none')
  if (charset === 'utf-8' && !isUtf8(bytes)) throw new BadBytes('bytes.not-utf-8')
}
