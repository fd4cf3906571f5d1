import type { Delivery, History } from '@ott/delivery'
import type { Redis } from '@ott/runtime'
import { z } from 'zod'

import { type NetworkQueue, openQueue } from './connection.ts'
import { toHistory } from './history.ts'
import { toJob } from './job.ts'
import { type Lane, priorities } from './lane.ts'
import { MessageKeys } from './message-keys.ts'
import type { Retention } from './retention.ts'

const DeliveryId = z.uuid()

/** The producing side: a queue for each network, and the index from the client's key to the newest delivery of that key. */
export class DeliveryQueues {
  readonly #queues: ReadonlyMap<string, NetworkQueue>
  readonly #keys: MessageKeys
  readonly #redis: Redis

  /** `redis` is used, and closed by whoever opened it. */
  constructor(networks: readonly string[], redis: Redis, retention: Retention) {
    this.#queues = new Map(networks.map((network) => [network, openQueue(network, redis)]))
    this.#keys = new MessageKeys(redis, retention)
    this.#redis = redis
  }

  /** Queues a delivery once. Resolves when Redis has acknowledged it and its key; rejects when Redis did not. */
  async add(delivery: Delivery, lane: Lane = 'usual'): Promise<void> {
    const queued = this.#queueOf(delivery).add('deliver', toJob(delivery), {
      jobId: delivery.id,
      priority: priorities[lane],
    })
    await Promise.all([queued, this.#keys.set(delivery)])
  }

  /** Whether a delivery of the usual or the slow lane has yet to be taken by a worker. Rejects when Redis is away. */
  async isWaiting(delivery: Pick<Delivery, 'network' | 'account' | 'sender' | 'id'>): Promise<boolean> {
    const score = await this.#redis.zscore(this.#queueOf(delivery).toKey('prioritized'), delivery.id)
    return score !== null
  }

  /**
   * An account's delivery, by id or by the client's key: the newest of that key. Rejects when Redis is away, and with
   * {@link NewerForm} when a later version wrote it.
   */
  async find(account: string, idOrKey: string): Promise<History | undefined> {
    if (DeliveryId.safeParse(idOrKey).success) {
      const history = await this.#findById(account, idOrKey.toLowerCase())
      if (history !== undefined) return history
    }
    const id = await this.#keys.find(account, idOrKey)
    return id === undefined ? undefined : this.#findById(account, id)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()))
  }

  #queueOf({ network }: Pick<Delivery, 'network'>): NetworkQueue {
    const queue = this.#queues.get(network)
    if (queue === undefined) throw new Error(`there is no queue for the network ${network}`)
    return queue
  }

  async #findById(account: string, id: string): Promise<History | undefined> {
    const jobs = await Promise.all([...this.#queues.values()].map((queue) => queue.getJob(id)))
    const job = jobs.find((candidate) => candidate !== undefined)
    const history = job === undefined ? undefined : toHistory(job)
    return history?.delivery.account === account ? history : undefined
  }
}
