import type { IncomingMessage, Server, ServerResponse } from 'node:http'

import { Counter, type Registry } from 'prom-client'

import { reasonOf } from './refusal-reason.ts'

/** Whatever else somebody sends is no reason for more series. */
const methods: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])

/** Counts every request by what it was for and how it was answered, or whether its client went away before. */
export function countRequests(server: Server, registry: Registry): void {
  const requests = new Counter({
    name: 'ott_http_requests_total',
    help: 'Requests by method, route as it is documented, status, and reason: the name of the error code where one was answered.',
    labelNames: ['method', 'route', 'status', 'reason'],
    registers: [registry],
  })
  requests.inc({ method: 'POST', route: '/ott/v1/send', status: 201, reason: '' }, 0)

  // One listener for all answers: nothing is made for each.
  function count(this: ServerResponse): void {
    const method = methods.has(this.req.method) ? this.req.method : 'other'
    const status = this.headersSent ? this.statusCode : 'none'
    requests.inc({ method, route: routeOf(this.req) ?? 'none', status, reason: reasonOf(this) })
  }
  server.on('request', (_request, response) => response.on('close', count))
}

/** The path as it is documented: what a client puts into it may be a person's, or a secret in the wrong place. */
export function routeOf(request: IncomingMessage): string | undefined {
  const route = 'route' in request ? request.route : undefined
  const isRoute = typeof route === 'object' && route !== null && 'path' in route
  return isRoute && typeof route.path === 'string' ? route.path : undefined
}
