import type { IncomingMessage, Server, ServerResponse } from 'node:http'

import { DurationHistogram } from '@ott/runtime'
import { Counter, type Registry } from 'prom-client'

import { reasonOf } from './refusal-reason.ts'
import { RequestTally } from './request-tally.ts'

/** Whatever else somebody sends is no reason for more series. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])

/** Seconds: from what needs no Redis to what was given up. */
const boundsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const

const beganAt = Symbol('beganAt')

/** An answer that is noted when its request came. */
type Timed = ServerResponse & { [beganAt]?: number }

/** Counts every request by what it was for and how it was answered, or whether its client went away before, and how long that took. */
export function countRequests(server: Server, registry: Registry): void {
  const tally = new RequestTally(
    new DurationHistogram({
      name: 'ott_http_request_duration_seconds',
      help: 'From a request’s headers until its answer was written, by route and class of status; none where its client went away before.',
      labelNames: ['route', 'status'],
      boundsSeconds,
      registers: [registry],
    }),
  )
  exposeCounts(tally, registry)

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
