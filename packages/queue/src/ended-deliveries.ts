import type { Redis } from '@ott/runtime'

import { type Ended, endedSources, readEnded } from './ended-sources.ts'
import { NetworkQueues } from './network-queues.ts'
import { type TimedId, timedIdsAfter } from './timed-ids.ts'

const pageSize = 200

/** A time, both ends included, in milliseconds since 1970. */
type Span = { readonly from: number; readonly to: number }

/** The deliveries that have ended, or were parked, by when. */
export class EndedDeliveries {
  readonly #networks: readonly NetworkQueues[]
  readonly #redis: Redis

  /** `redis` is used, and closed by whoever opened it. */
  constructor(networks: readonly string[], redis: Redis) {
    this.#networks = networks.map((network) => new NetworkQueues(network, redis))
    this.#redis = redis
  }

  /** How many there are to look through. */
  async size({ from, to }: Span): Promise<number> {
    const counts = (await this.#sources()).map(({ key }) => this.#redis.zcount(key, from, to))
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }

  /** All of them, page by page, each with how many were looked at for it. Never more than one page is in memory. */
  async *pages(span: Span): AsyncGenerator<{ readonly looked: number; readonly ended: readonly Ended[] }> {
    for (const source of await this.#sources())
      for (let after: TimedId | undefined; ;) {
        const page = await timedIdsAfter(this.#redis, source.key, { ...span, after, pageSize })
        after = page.at(-1)
        if (after === undefined) break
        yield { looked: page.length, ended: await readEnded(source, page) }
      }
  }

  async close(): Promise<void> {
    await Promise.all(this.#networks.map((queues) => queues.close()))
  }

  async #sources() {
    return (await Promise.all(this.#networks.map((queues) => queues.all()))).flat().flatMap(endedSources)
  }
}
