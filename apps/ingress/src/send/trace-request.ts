import type { Tracing } from '@ott/runtime'
import type { RequestHandler, Response } from 'express'

/**
 * Tells of each request, until it is answered, as a part of the caller's trace if it names one, in `traceparent`. Behind the
 * access check: a stranger is not to choose what we record. One that `holdsMany` has each of its deliveries in a trace of its own.
 */
export function traceRequest(path: string, tracing: Tracing, holdsMany = false): RequestHandler {
  return (request, response, next) => {
    const { method, headers } = request
    const attributes = { 'http.request.method': method, 'http.route': path }
    const start = { name: `${method} ${path}`, kind: 'server', attributes, parent: headers, holdsMany } as const
    void tracing.inSpan(start, async (span) => {
      const ended = untilEnded(response)
      next()
      await ended
      if (!response.writableFinished) return span.fail('aborted')
      span.set({ 'http.response.status_code': response.statusCode })
      if (response.statusCode >= 500) span.fail(String(response.statusCode))
    })
  }
}

/** Until it is answered, or the caller has gone. */
function untilEnded(response: Response): Promise<void> {
  return new Promise((resolve) => response.once('close', resolve))
}
