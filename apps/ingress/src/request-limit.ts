import type { Client } from '@ott/registry'
import type { Redis } from '@ott/runtime'
import { RateLimiterRedis } from 'rate-limiter-flexible'

/** The least that Redis counts. */
const windowSeconds = 1

/** How much of its rate a client has used. `quota` requests may be made in a window. */
type Allowance = {
  readonly quota: number
  readonly remaining: number
  readonly windowSeconds: number
  /** When the next window begins. */
  readonly resetSeconds: number
  readonly exceeded: boolean
}

/** Counts a request of a client. Rejects when Redis is away. */
export type CountRequest = (client: Client) => Promise<Allowance>

/** All processes with the same Redis count together. `requestsPerSecond` holds for clients with no rate of their own. */
export function createRequestLimit(redis: Redis, requestsPerSecond: number): CountRequest {
  const counter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: 'ott:requests',
    points: requestsPerSecond,
    duration: windowSeconds,
  })
  return async (client) => {
    const quota = client.requestsPerSecond ?? requestsPerSecond
    const { consumedPoints, msBeforeNext } = await counter.penalty(client.id)
    return {
      quota,
      remaining: Math.max(0, quota - consumedPoints),
      windowSeconds,
      resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
      exceeded: consumedPoints > quota,
    }
  }
}
