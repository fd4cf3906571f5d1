import type { Client } from '@ott/registry'
import type { NowOrLater, Redis } from '@ott/runtime'
import { LRUCache } from 'lru-cache'
import { RateLimiterRedis } from 'rate-limiter-flexible'

/** The least that Redis counts. */
const windowSeconds = 1

/** Of a client's rate a process takes this part at a time, one request at least: a call to Redis for each took a tenth of the ingress. */
const sharePart = 1 / 100

/** Clients of which a process knows its shares; of more of them, those are forgotten that have not been seen for longest. */
const clientsMax = 10_000

/** How much of its rate a client has used. `quota` requests may be made in a window. */
export type Allowance = {
  readonly quota: number
  /** As Redis last said, less what was used up here since. */
  readonly remaining: number
  readonly windowSeconds: number
  /** When the next window begins. */
  readonly resetSeconds: number
  readonly exceeded: boolean
}

/** Counts a request of a client. Rejects when Redis is away and the process has no share left. */
export type CountRequest = (client: Client) => NowOrLater<Allowance>

/** What a process may let through of a client's requests without asking Redis; `others` may be had there besides. */
type Share = { left: number; readonly others: number; readonly quota: number; readonly endsAt: number }

/** What a process knows of a client. `waiting` are its requests for which there is no share yet. */
type Counter = { share: Share | undefined; taking: Promise<Share> | undefined; waiting: number }

/**
 * All processes with the same Redis count together: each takes shares of a client's rate from there, and lets requests through
 * on them alone, so that the rate is never exceeded. What one of them has taken and does not use is lost to the client for the
 * rest of the second: a hundredth of the rate for each process, of a rate under 200 nothing. `requestsPerSecond` holds for
 * clients with no rate of their own.
 */
export function createRequestLimit(redis: Redis, requestsPerSecond: number): CountRequest {
  const takeShare = createTakeShare(redis, requestsPerSecond)
  const counters = new LRUCache<string, Counter>({
    max: clientsMax,
    memoMethod: () => ({ share: undefined, taking: undefined, waiting: 0 }),
  })
  const useNext = async (id: string, quota: number, counter: Counter): Promise<Allowance> => {
    counter.waiting += 1
    try {
      for (;;) {
        const taken = await (counter.taking ??= takeShare(id, quota, counter))
        // Whoever waited uses it, be its second over by now: so many were counted in that one.
        if (isDecided(taken)) return useOne(taken)
      }
    } finally {
      counter.waiting -= 1
    }
  }
  return ({ id, requestsPerSecond: quota = requestsPerSecond }) => {
    const counter = counters.memo(id)
    const { share } = counter
    return share !== undefined && share.quota === quota && performance.now() < share.endsAt && isDecided(share)
      ? useOne(share)
      : useNext(id, quota, counter)
  }
}

function createTakeShare(redis: Redis, requestsPerSecond: number) {
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: 'ott:requests',
    points: requestsPerSecond,
    duration: windowSeconds,
  })
  return async (id: string, quota: number, counter: Counter): Promise<Share> => {
    try {
      const wanted = Math.max(Math.floor(quota * sharePart), counter.waiting)
      // From before the call: no share outlives the second it was taken from.
      const askedAt = performance.now()
      const { consumedPoints, msBeforeNext } = await limiter.penalty(id, wanted)
      const left = Math.min(wanted, Math.max(0, quota - consumedPoints + wanted))
      const others = Math.max(0, quota - consumedPoints)
      counter.share = { left, others, quota, endsAt: askedAt + msBeforeNext }
      return counter.share
    } finally {
      counter.taking = undefined
    }
  }
}

/** Whether it tells what becomes of a request: there is one left, or nobody has any. */
function isDecided({ left, others }: Share): boolean {
  return left > 0 || others === 0
}

function useOne(share: Share): Allowance {
  const exceeded = share.left === 0
  if (!exceeded) share.left -= 1
  return {
    quota: share.quota,
    remaining: share.left + share.others,
    windowSeconds,
    resetSeconds: Math.max(1, Math.ceil((share.endsAt - performance.now()) / 1000)),
    exceeded,
  }
}
