import type { Delivery } from '@ott/delivery'
import type { Redis } from '@ott/runtime'
import { type Job, Worker } from 'bullmq'

import { aDelivery } from './a-delivery.ts'
import { type NetworkQueue, openQueue, prefix } from './connection.ts'
import { toJob } from './job.ts'
import { ParkedDeliveries } from './parked-deliveries.ts'
import type { useQueues } from './use-queues.ts'

/** A while that no test lasts. */
const wakesInMs = 60 * 60 * 1000

/** For tests: the parked deliveries of LINE on these queues, and what is needed to park some. */
export function useParked(given: ReturnType<typeof useQueues>) {
  let opened: { readonly parked: ParkedDeliveries; readonly queue: NetworkQueue } | undefined
  const open = () => {
    const redis = given.redis()
    if (opened !== undefined) return { redis, ...opened }
    const [parked, queue] = [new ParkedDeliveries('line', redis), openQueue('line', redis)]
    opened = { parked, queue }
    given.afterTest(async () => {
      opened = undefined
      await Promise.all([parked.close(), queue.close()])
    })
    return { redis, parked, queue }
  }

  /** Parks so many deliveries of a sender, as a worker does, each created a second after the one before. */
  const park = async (sender: string, count: number): Promise<readonly string[]> => {
    const { parked, queue } = open()
    const deliveries = Array.from({ length: count }, (_, index) => aDelivery({ sender, createdAt: 1000 * (index + 1) }))
    // The youngest first, so that it is not by chance that the oldest is the first to be released.
    await Promise.all(deliveries.toReversed().map((delivery) => parked.add(delivery)))
    await queue.addBulk(
      deliveries.toReversed().map((delivery) => ({
        name: 'deliver',
        data: toJob(delivery),
        opts: { jobId: delivery.id, delay: wakesInMs },
      })),
    )
    return deliveries.map(({ id }) => id)
  }

  /** The ids of the deliveries that wait to be picked up, in the order in which they will be. */
  const queued = async (): Promise<readonly string[]> => {
    const { redis, queue } = open()
    const first = await redis.lrange(queue.toKey('wait'), 0, -1)
    return [...first.toReversed(), ...(await redis.zrange(queue.toKey('prioritized'), 0, '-1'))]
  }

  return { open, park, queued }
}

/** Takes one delivery off the queue, as a worker does that has yet to settle it. */
export async function pickUp(redis: Redis, stop: (close: () => Promise<void>) => void) {
  const worker = new Worker<{ delivery: Delivery }>('line', undefined, { connection: redis, prefix, autorun: false })
  stop(() => worker.close())
  const token = 'holder'
  const job: Job | undefined = await worker.getNextJob(token, { block: false })
  if (job === undefined) throw new Error('there is nothing to pick up')
  return { id: String(job.id), park: () => job.moveToDelayed(Date.now() + wakesInMs, token) }
}
