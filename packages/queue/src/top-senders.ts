import type { Redis } from '@ott/runtime'

import type { NetworkQueue } from './connection.ts'
import { readJob } from './job.ts'
import { NetworkQueues } from './network-queues.ts'
import { ParkedCounts } from './parked-counts.ts'
import type { ParkedSender } from './parked-index.ts'
import { readQueueLevel } from './queue-level.ts'

/** So many of each lane's next deliveries are looked at: whose they are stands in each of them alone. */
const lookedAt = 1000

/** What of a sender waits. `waiting` counts those that were looked at. */
type SenderLoad = ParkedSender & { readonly waiting: number; readonly parked: number }

/** The senders with most deliveries waiting. `looked`: at so many of those that wait to be taken; parked ones are counted whole. */
export type TopSenders = {
  readonly waiting: number
  readonly looked: number
  readonly senders: readonly SenderLoad[]
}

/**
 * Looks for the senders of a network that have most deliveries waiting or parked: among those that would be taken next, of each
 * queue and lane. Reads thousands of deliveries: to be asked by a person, and not again and again.
 */
export class SenderLoads {
  readonly #redis: Redis
  readonly #queues: NetworkQueues
  readonly #parked: ParkedCounts

  /** `redis` is used, and closed by whoever opened it. */
  constructor(network: string, redis: Redis) {
    this.#redis = redis
    this.#queues = new NetworkQueues(network, redis)
    this.#parked = new ParkedCounts(network, redis)
  }

  /** The first `count` of them. Rejects when Redis is away, or waits for it, as its connection does. */
  async top(count: number): Promise<TopSenders> {
    const loads = new Map<string, SenderLoad>()
    const add = ({ account, sender }: ParkedSender, { waiting = 0, parked = 0 }): void => {
      const name = JSON.stringify([account, sender])
      const known = loads.get(name) ?? { account, sender, waiting: 0, parked: 0 }
      loads.set(name, { ...known, waiting: known.waiting + waiting, parked: known.parked + parked })
    }
    let [waiting, looked] = [0, 0]
    for (const queue of await this.#queues.all()) {
      const level = await readQueueLevel(queue)
      waiting += level.waiting.reply + level.waiting.usual + level.waiting.slow
      const ids = await this.#next(queue, level.waiting.usual)
      const found = await Promise.all(ids.map((id) => this.#senderOf(queue, id)))
      for (const sender of found.filter((each) => each !== undefined)) {
        looked += 1
        add(sender, { waiting: 1 })
      }
    }
    for (const { waiting: parked, ...sender } of await this.#parked.bySender()) add(sender, { parked })
    const senders = [...loads.values()].toSorted((one, other) => sum(other) - sum(one)).slice(0, count)
    return { waiting, looked, senders }
  }

  async close(): Promise<void> {
    await this.#queues.close()
  }

  async #next(queue: NetworkQueue, usual: number): Promise<readonly string[]> {
    const prioritized = queue.toKey('prioritized')
    // Where the slow ones begin, unless the first look has come to them already.
    const slow = Math.max(usual, lookedAt)
    const ids = await Promise.all([
      this.#redis.lrange(queue.toKey('wait'), -lookedAt, -1),
      this.#redis.zrange(prioritized, 0, String(lookedAt - 1)),
      this.#redis.zrange(prioritized, slow, String(slow + lookedAt - 1)),
    ])
    return ids.flat()
  }

  /** It may have been taken, and ended, since its id was read. */
  async #senderOf(queue: NetworkQueue, id: string): Promise<ParkedSender | undefined> {
    const data = await this.#redis.hget(queue.toKey(id), 'data')
    const read = data === null ? undefined : readJob({ id, data: JSON.parse(data) })
    return read !== undefined && 'delivery' in read ? read.delivery : undefined
  }
}

function sum({ waiting, parked }: SenderLoad): number {
  return waiting + parked
}
