import type { Redis } from '@ott/runtime'

import { ParkedIndex, type ParkedSender } from './parked-index.ts'
import { QueueRecord } from './queue-record.ts'

/** How many deliveries of a sender wait for it to be released. */
export type ParkedCount = ParkedSender & { readonly waiting: number }

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
    const counts = await this.bySender()
    return { senders: counts.length, deliveries: sum(counts.map(({ waiting }) => waiting)) }
  }

  /** The senders whose deliveries wait, each with how many. */
  async bySender(): Promise<readonly ParkedCount[]> {
    const bySender = new Map<string, ParkedCount>()
    for (const { account, sender, waiting } of (await Promise.all((await this.#indexes()).map(countsOf))).flat()) {
      const name = JSON.stringify([account, sender])
      bySender.set(name, { account, sender, waiting: waiting + (bySender.get(name)?.waiting ?? 0) })
    }
    return [...bySender.values()]
  }

  async #indexes(): Promise<readonly ParkedIndex[]> {
    return (await this.#record.names()).map((queue) => new ParkedIndex(queue, this.#redis))
  }
}

async function countsOf(index: ParkedIndex): Promise<readonly ParkedCount[]> {
  const senders = await index.senders()
  const counts = senders.map(async ({ account, sender }) => ({
    account,
    sender,
    waiting: await index.count({ account, sender }),
  }))
  return (await Promise.all(counts)).filter(({ waiting }) => waiting > 0)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
