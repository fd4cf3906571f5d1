import type { Delivery, NetworkDefinition, Pace } from '@ott/delivery'
import { count, type Logger, type NowOrLater, type Redis } from '@ott/runtime'
import { LRUCache } from 'lru-cache'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { z } from 'zod'

import { PacedSender } from './paced-sender.ts'

/** All processes book one after the other, so that what they put off comes up again no faster than it can be sent. */
const book = `
local from = math.max(tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or '0'))
redis.call('SET', KEYS[1], from + ARGV[2], 'PX', math.ceil(from + ARGV[2] - ARGV[1]))
return from`

/** How fast a worker sends. All workers of a network must have the same. */
export const PaceEnvironment = z.object({
  PACE_PERCENT: count(1)
    .default(100)
    .describe(
      "of the network's published limit for a sender; the same on all workers of a network. More where it has granted more",
    ),
})

/** Paced senders that are kept in mind; one more, and the one unused for longest begins anew. */
const sendersMax = 10_000

export type SenderPacesOptions = {
  readonly network: string
  readonly definition: Pick<NetworkDefinition, 'pace' | 'isReply'>
  /** Of the network's published limit. */
  readonly percent: number
  readonly redis: Redis
  readonly logger: Logger
}

/** Keeps all worker processes together from sending for a sender faster than its network takes it. */
export class SenderPaces {
  readonly #options: SenderPacesOptions
  readonly #counter: RateLimiterRedis
  readonly #senders = new LRUCache<string, PacedSender>({ max: sendersMax })

  constructor(options: SenderPacesOptions) {
    this.#options = options
    // It only counts, each window by a key of its own, which lasts for the least that Redis counts for.
    this.#counter = new RateLimiterRedis({ storeClient: options.redis, keyPrefix: 'ott:pace', points: 1, duration: 1 })
  }

  /** For how long the delivery is to be put off, in milliseconds; 0 when it may be sent now. Mostly known at once. */
  waitOf(delivery: Delivery): NowOrLater<number> {
    const { definition } = this.#options
    const pace = definition.pace(delivery)
    if (pace === undefined) return 0
    const sender = this.#find(delivery, pace)
    return sender.take() ? 0 : sender.ask(this.isReply(delivery))
  }

  /** Whether it is one that its network's definition lets go before others. */
  isReply(delivery: Delivery): boolean {
    return this.#options.definition.isReply(delivery)
  }

  #find({ account, sender }: Delivery, { name, perSecond }: Pace): PacedSender {
    const { network, percent, redis, logger } = this.#options
    const key = `${network}:${name}:${JSON.stringify([account, sender])}`
    const known = this.#senders.get(key)
    if (known !== undefined) return known
    const paced = new PacedSender((perSecond * percent) / 100, {
      use: async (window, points) => (await this.#counter.penalty(`${key}:${window}`, points)).consumedPoints,
      book: async (ms) => Number(await redis.eval(book, 1, `ott:pace:${key}`, Date.now(), Math.ceil(ms))),
      onPaced: () => logger.info({ account, sender, pace: name }, 'sender.paced'),
    })
    this.#senders.set(key, paced)
    return paced
  }
}

/** What the deliveries of a worker ask of the paces. */
export type DeliveryPaces = Pick<SenderPaces, 'waitOf' | 'isReply'>
