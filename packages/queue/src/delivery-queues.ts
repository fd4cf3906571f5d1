import type { Delivery, History } from '@ott/delivery'
import type { Redis } from '@ott/runtime'
import type { Job } from 'bullmq'
import { z } from 'zod'

import { AnnouncedQueues } from './announced-queues.ts'
import type { NetworkQueue } from './connection.ts'
import { toHistory } from './history.ts'
import { toJob } from './job.ts'
import { type Lane, priorities } from './lane.ts'
import { MessageKeys } from './message-keys.ts'
import { NetworkQueues } from './network-queues.ts'
import { queueNames, shardOf } from './queue-layout.ts'
import { type QueueLevel, readQueueLevel } from './queue-level.ts'
import type { Retention } from './retention.ts'

const DeliveryId = z.uuid()

/** BullMQ ranks what is delayed by its time, and tells so many of one millisecond apart. */
const delayedScores = 0x1000

/** What tells a delivery's queue. */
type Sent = Pick<Delivery, 'network' | 'account' | 'sender'>

/** A queue's level, and which queue it is of. */
export type LevelOfQueue = { readonly network: string; readonly queue: string; readonly level: QueueLevel }

/** One network's queues as a producer has them. */
type Producing = {
  /** Where new deliveries go, by shard. */
  readonly names: readonly string[]
  readonly announced: AnnouncedQueues
  readonly queues: NetworkQueues
}

/** The producing side: each network's queues, and the index from the client's key to the newest delivery of that key. */
export class DeliveryQueues {
  readonly #networks: ReadonlyMap<string, Producing>
  readonly #keys: MessageKeys
  readonly #redis: Redis

  /** `shards`: in how many queues a network's deliveries go. `redis` is used, and closed by whoever opened it. */
  constructor(networks: readonly string[], redis: Redis, retention: Retention, shards = 1) {
    this.#networks = new Map(networks.map((network) => [network, openProducing(network, redis, shards)]))
    this.#keys = new MessageKeys(redis, retention)
    this.#redis = redis
  }

  /** The name of the queue that a delivery goes to, unless another is named. */
  queueOf(delivery: Sent): string {
    const { names } = this.#of(delivery)
    return names[shardOf(delivery, names.length)] ?? ''
  }

  /**
   * Queues a delivery once; a repeat names the `queue` that the first try went to. Resolves when Redis has acknowledged it and its
   * key; rejects when Redis did not.
   */
  async add(delivery: Delivery, lane: Lane = 'usual', queue = this.queueOf(delivery)): Promise<void> {
    const { announced, queues } = this.#of(delivery)
    const backend = queues.open(queue).getBackend()
    const { isCluster } = this.#redis
    await backend.addDelivery({
      id: delivery.id,
      data: JSON.stringify(toJob(delivery)),
      priority: priorities[lane],
      key: isCluster ? undefined : this.#keys.entryOf(delivery),
    })
    // It lies on another node there. Were it set before, it might find a delivery that is not there, and not the earlier one.
    if (isCluster) await this.#keys.set(delivery)
    const confirmed = announced.confirm(queue)
    if (confirmed instanceof Promise) await confirmed
  }

  /** Whether a delivery of the usual or the slow lane has yet to be taken by a worker. Rejects when Redis is away. */
  async isWaiting(delivery: Sent & Pick<Delivery, 'id'>): Promise<boolean> {
    const queue = this.#of(delivery).queues.open(this.queueOf(delivery))
    return (await this.#redis.zscore(queue.toKey('prioritized'), delivery.id)) !== null
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

  /** How many deliveries are where, in every queue there is. Rejects when Redis is away. */
  async levels(): Promise<readonly LevelOfQueue[]> {
    const networks = [...this.#networks.values()]
    return (await Promise.all(networks.map(({ queues }) => levelsOf(queues)))).flat()
  }

  async close(): Promise<void> {
    const networks = [...this.#networks.values()]
    for (const { announced } of networks) announced.close()
    await Promise.all(networks.map(({ queues }) => queues.close()))
  }

  #of({ network }: Sent): Producing {
    const producing = this.#networks.get(network)
    if (producing === undefined) throw new Error(`there is no queue for the network ${network}`)
    return producing
  }

  async #findById(account: string, id: string): Promise<History | undefined> {
    const job = await this.#findJob(id)
    const history = job === undefined ? undefined : toHistory(job)
    if (job === undefined || history?.delivery.account !== account) return undefined
    return waitsForAttempt(job, history) ? { ...history, nextAttemptAt: await this.#dueOf(job) } : history
  }

  /** When a delivery that waits is due, in milliseconds since 1970; `undefined` when it is by now. */
  async #dueOf({ id = '', queueQualifiedName }: Job): Promise<number | undefined> {
    const score = await this.#redis.zscore(`${queueQualifiedName}:delayed`, id)
    return score === null ? undefined : Math.floor(Number(score) / delayedScores)
  }

  /** What is in no queue that is known may be in one that another process, of another layout, has made. */
  async #findJob(id: string): Promise<Job | undefined> {
    const networks = [...this.#networks.values()].map(({ queues }) => queues)
    const known = networks.flatMap((queues) => queues.known)
    const job = await jobIn(known, id)
    if (job !== undefined) return job
    const all = (await Promise.all(networks.map((queues) => queues.all()))).flat()
    return jobIn(
      all.filter((queue) => !known.includes(queue)),
      id,
    )
  }
}

function openProducing(network: string, redis: Redis, shards: number): Producing {
  const names = queueNames(network, shards, redis)
  return {
    names,
    announced: new AnnouncedQueues(network, names, redis),
    queues: new NetworkQueues(network, redis, names),
  }
}

async function levelsOf(queues: NetworkQueues): Promise<readonly LevelOfQueue[]> {
  const { network } = queues
  const levels = (await queues.all()).map(async (queue) => ({
    network,
    queue: queue.name,
    level: await readQueueLevel(queue),
  }))
  return Promise.all(levels)
}

/** One that is parked comes up again when its sender is released: nobody knows when. */
function waitsForAttempt({ delay, finishedOn }: Job, { events }: History): boolean {
  return delay > 0 && finishedOn === undefined && events.at(-1)?.event !== 'parked'
}

/** All are asked at once. */
async function jobIn(queues: readonly NetworkQueue[], id: string): Promise<Job | undefined> {
  const jobs = await Promise.all(queues.map((queue) => queue.getJob(id)))
  return jobs.find((job) => job !== undefined)
}
