import type { Redis } from '@ott/runtime'

import { ParkedIndex } from './parked-index.ts'
import { QueueRecord } from './queue-record.ts'

/** How many deliveries of a network wait for their senders to be released, in all of its queues together. */
export class ParkedCounts {
  readonly #redis: Redis
  readonly #record: QueueRecord

  /** `redis` is used, and closed by whoever opened it. */
  constructor(network: string, redis: Redis) {
    this.#redis = redis
    this.#record = new QueueRecord(network, redis)
  }

  /** How many of a sender's deliveries wait. */
  async ofSender(account: string, sender: string): Promise<number> {
    const indexes = await this.#indexes()
    return sum(await Promise.all(indexes.map((index) => index.count({ account, sender }))))
  }

  /** How many senders' deliveries wait, and how many these are. */
  async all(): Promise<{ readonly senders: number; readonly deliveries: number }> {
    const counts = (await Promise.all((await this.#indexes()).map(countsOf))).flat()
    return {
      senders: new Set(counts.map(({ name }) => name)).size,
      deliveries: sum(counts.map(({ count }) => count)),
    }
  }

  async #indexes(): Promise<readonly ParkedIndex[]> {
    return (await this.#record.names()).map((queue) => new ParkedIndex(queue, this.#redis))
  }
}

async function countsOf(index: ParkedIndex): Promise<readonly { readonly name: string; readonly count: number }[]> {
  const senders = await index.senders()
  const counts = senders.map(async (parked) => ({ name: JSON.stringify(parked), count: await index.count(parked) }))
  return (await Promise.all(counts)).filter(({ count }) => count > 0)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
