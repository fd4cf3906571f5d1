import express, { type RequestHandler } from 'express'

import { unparsable, unsupportedMediaType } from './problem.ts'

const jsonType = /^application\/([\w.+-]+\+)?json\s*(;|$)/i

/** Reads a request's JSON body of at most `limit` bytes, after decompression. */
export function jsonBody(limit: number): RequestHandler {
  const read = express.json({ limit, strict: false, type: () => true })
  return (request, response, next) => {
    const { headers } = request
    if ((headers['content-length'] ?? headers['transfer-encoding'] ?? '0') === '0')
      throw unparsable('The request body is empty')
    if (!jsonType.test(headers['content-type'] ?? ''))
      throw unsupportedMediaType('The Content-Type must be application/json')
    read(request, response, next)
  }
}
