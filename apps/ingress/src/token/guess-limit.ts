import { createHash } from 'node:crypto'

import { type Redis, subnetOf } from '@ott/runtime'
import { RateLimiterRedis } from 'rate-limiter-flexible'

/**
 * Of failed attempts, and those under way. From one address few, which is what guessing looks like; for one client many more, so
 * that nobody at one address can keep a client from its tokens. Secrets are of 256 random bits: to guess from many leads nowhere.
 */
const attemptsMax = { address: 30, client: 600 } as const
const windowSeconds = 60

/** Keeps secrets from being guessed, and the slow comparison from being called at will. Rejects when Redis is away. */
export type GuessLimit = {
  /** Counts an attempt. Returns the seconds to wait where there were too many of them, and otherwise 0. */
  readonly begin: (clientId: string, address: string) => Promise<number>
  /** Takes an attempt back: it was no guess. */
  readonly forgive: (clientId: string, address: string) => Promise<void>
}

/** All processes with the same Redis count together. */
export function createGuessLimit(redis: Redis): GuessLimit {
  const open = (of: keyof typeof attemptsMax) =>
    new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `ott:token-attempts:${of}`,
      points: attemptsMax[of],
      duration: windowSeconds,
    })
  const [byAddress, byClient] = [open('address'), open('client')]
  return {
    // One after the other: who is held off by address must not use up the attempts of a client.
    begin: async (clientId, address) =>
      (await waitSeconds(byAddress, subnetOf(address))) || (await waitSeconds(byClient, digest(clientId))),
    forgive: async (clientId, address) => {
      await Promise.all([byAddress.reward(subnetOf(address)), byClient.reward(digest(clientId))])
    },
  }
}

async function waitSeconds(limiter: RateLimiterRedis, key: string): Promise<number> {
  const { consumedPoints, msBeforeNext } = await limiter.penalty(key)
  return consumedPoints > limiter.points ? Math.max(1, Math.ceil(msBeforeNext / 1000)) : 0
}

/** What is said to be a client's id may be anything, a secret in the wrong place among it. */
function digest(clientId: string): string {
  return createHash('sha256').update(clientId).digest('base64url')
}
