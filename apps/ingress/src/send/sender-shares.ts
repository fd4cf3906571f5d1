import type { Delivery } from '@ott/delivery'
import type { Lane } from '@ott/queue'
import type { Logger } from '@ott/runtime'
import { LRUCache } from 'lru-cache'

import { TokenBucket } from './token-bucket.ts'

/** Senders that are counted; one more, and the one that was quiet for longest is forgotten. */
const sendersMax = 10_000

/** For so long a sender's share may come at once. */
const burstSeconds = 2

/** How often it is asked whether a sender's slow deliveries are gone. */
const askEveryMs = 1000

/** What a delivery of the slow lane is found again by. */
type Slow = Pick<Delivery, 'network' | 'account' | 'sender' | 'id'>

/** One sender's part of the lanes. `slowed`: it was over its share, and its latest delivery in the slow lane, if that is there. */
type Share = {
  readonly usual: TokenBucket
  readonly replies: TokenBucket
  slowed?: { last: Slow | undefined; askedAt: number } | undefined
}

export type SenderSharesOptions = {
  /** Of a sender, in this process, before the rest goes to the slow lane; as many replies before the rest goes the usual way. */
  readonly perSecond: number
  readonly isReply: (delivery: Delivery) => boolean
  /** Whether a delivery that was queued has yet to be taken by a worker. */
  readonly isWaiting: (delivery: Slow) => Promise<boolean>
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/**
 * Tells the lane that a delivery is queued in. A sender that floods has what is over its share in the slow lane, and then all but
 * its replies, until its slow deliveries are gone: its campaign shall not overtake itself. What is kept is kept in memory, and
 * Redis is asked of slowed senders alone, once a second each.
 */
export class SenderShares {
  readonly #options: SenderSharesOptions
  readonly #shares = new LRUCache<string, Share>({ max: sendersMax })

  constructor(options: SenderSharesOptions) {
    this.#options = options
  }

  /** The next delivery's lane, which it is queued in at once. */
  laneOf(delivery: Delivery): Lane | Promise<Lane> {
    const now = this.#now()
    const share = this.#shareOf(delivery, now)
    if (this.#options.isReply(delivery) && share.replies.take(now)) return 'reply'
    const isWithin = share.usual.take(now)
    const { slowed } = share
    if (slowed === undefined) return isWithin ? 'usual' : this.#slow(share, delivery, now)
    if (now - slowed.askedAt >= askEveryMs && share.usual.isHalfFull)
      return this.#askAgain(share, slowed, delivery, now)
    slowed.last = toSlow(delivery)
    return 'slow'
  }

  /** To be told of one that was not queued: that it does not wait says nothing of those before it. The next one is behind them again. */
  notQueued(delivery: Delivery): void {
    const { slowed } = this.#shareOf(delivery, this.#now())
    if (slowed?.last?.id === delivery.id) slowed.last = undefined
  }

  #slow(share: Share, delivery: Delivery, now: number): Lane {
    const { network, account, sender } = delivery
    share.slowed = { last: toSlow(delivery), askedAt: now }
    this.#options.logger.info({ network, account, sender }, 'sender.slowed')
    return 'slow'
  }

  /** With Redis away the sender stays where it is. */
  async #askAgain(share: Share, slowed: NonNullable<Share['slowed']>, delivery: Delivery, now: number): Promise<Lane> {
    const { last } = slowed
    slowed.askedAt = now
    const isWaiting = last === undefined || (await this.#options.isWaiting(last).catch(() => true))
    if (isWaiting || slowed.last !== last) {
      slowed.last = toSlow(delivery)
      return 'slow'
    }
    share.slowed = undefined
    const { network, account, sender } = delivery
    this.#options.logger.info({ network, account, sender }, 'sender.unslowed')
    return 'usual'
  }

  #now(): number {
    const { now = Date.now } = this.#options
    return now()
  }

  #shareOf({ network, account, sender }: Delivery, now: number): Share {
    const name = JSON.stringify([network, account, sender])
    const known = this.#shares.get(name)
    if (known !== undefined) return known
    const { perSecond } = this.#options
    const bucket = () => new TokenBucket(perSecond, perSecond * burstSeconds, now)
    const share = { usual: bucket(), replies: bucket() }
    this.#shares.set(name, share)
    return share
  }
}

function toSlow({ network, account, sender, id }: Delivery): Slow {
  return { network, account, sender, id }
}
