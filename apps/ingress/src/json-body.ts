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
  const read = express.json({ limit, strict: false, type: () => true })
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
