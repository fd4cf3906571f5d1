import type { IncomingMessage, Server, ServerResponse } from 'node:http'

import { Counter, type Registry } from 'prom-client'

import { DurationHistogram } from './duration-histogram.ts'
import { reasonOf } from './refusal-reason.ts'
import { RequestTally } from './request-tally.ts'

/** Whatever else somebody sends is no reason for more series. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])

const beganAt = Symbol('beganAt')

/** An answer that is noted when its request came. */
type Timed = ServerResponse & { [beganAt]?: number }

/** Counts every request by what it was for and how it was answered, or whether its client went away before, and how long that took. */
export function countRequests(server: Server, registry: Registry): void {
  const tally = new RequestTally()
  exposeCounts(tally, registry)
  registry.registerMetric(new DurationHistogram(tally))

  // One listener for all answers: nothing is made for each.
  function count(this: Timed): void {
    const { method = '' } = this.req
    const labels = {
      method: methods.has(method) ? method : 'other',
      route: routeOf(this.req) ?? 'none',
      status: this.headersSent ? this.statusCode : ('none' as const),
      reason: reasonOf(this),
    }
    const now = performance.now()
    tally.add(labels, (now - (this[beganAt] ?? now)) / 1000)
  }
  server.on('request', (_request, response: Timed) => {
    response[beganAt] = performance.now()
    response.on('close', count)
  })
}

function exposeCounts(tally: RequestTally, registry: Registry): void {
  const requests = new Counter({
    name: 'ott_http_requests_total',
    help: 'Requests by method, route as it is documented, status, and reason: the name of the error code where one was answered.',
    labelNames: ['method', 'route', 'status', 'reason'],
    registers: [registry],
    collect() {
      tally.take((labels, count) => this.inc(labels, count))
    },
  })
  requests.inc({ method: 'POST', route: '/ott/v1/send', status: 201, reason: '' }, 0)
}

/** The path as it is documented: what a client puts into it may be a person's, or a secret in the wrong place. */
export function routeOf(request: IncomingMessage): string | undefined {
  const route = 'route' in request ? request.route : undefined
  const isRoute = typeof route === 'object' && route !== null && 'path' in route
  return isRoute && typeof route.path === 'string' ? route.path : undefined
}
