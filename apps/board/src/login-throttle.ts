import { createHash } from 'node:crypto'

import { type Redis, subnetOf } from '@ott/runtime'
import { RateLimiterRedis } from 'rate-limiter-flexible'

const windowSeconds = 15 * 60

/**
 * Attempts in a window. From one address, or network of version 6, few, which is what guessing looks like; at one name more, so that nobody locks a
 * colleague out in passing and guessing from many addresses still leads nowhere.
 */
const attemptsMax = { address: 10, name: 50 } as const

/** Holds back who guesses passwords. All boards with the same Redis count together; rejects when it is away. */
export type LoginThrottle = {
  /** Counts an attempt before it is made. Resolves with the seconds to wait first; with 0 when it may be made now. */
  readonly attempt: (name: string, address: string) => Promise<number>
  /** Takes the attempt back, since it was no guess. */
  readonly forgive: (name: string, address: string) => Promise<void>
}

export function createLoginThrottle(storeClient: Redis): LoginThrottle {
  const limiter = (what: keyof typeof attemptsMax) =>
    new RateLimiterRedis({
      storeClient,
      keyPrefix: `ott:board:login:${what}`,
      points: attemptsMax[what],
      duration: windowSeconds,
    })
  const byAddress = limiter('address')
  const byName = limiter('name')
  return {
    attempt: async (name, address) => {
      const addresses = await count(byAddress, subnetOf(address))
      // Who is held back already adds nothing to what is held against the name.
      return addresses > 0 ? addresses : count(byName, digest(name))
    },
    forgive: async (name, address) => {
      await Promise.all([byAddress.reward(subnetOf(address)), byName.reward(digest(name))])
    },
  }
}

/** What is typed as a name may be anything, a password in the wrong field among it. */
function digest(name: string): string {
  return createHash('sha256').update(name).digest('base64url')
}

async function count(limiter: RateLimiterRedis, key: string): Promise<number> {
  const { consumedPoints, msBeforeNext } = await limiter.penalty(key)
  return consumedPoints > limiter.points ? Math.max(1, Math.ceil(msBeforeNext / 1000)) : 0
}
