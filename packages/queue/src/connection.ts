import type { Redis } from '@ott/runtime'
import { Queue } from 'bullmq'

import type { DeliveryJob } from './job.ts'

/** Every key of ours begins with it. BullMQ's are `ott:<network>:…`. */
export const prefix = 'ott'

/** BullMQ tells each step of each job in a stream of about this length, which nobody here reads. */
const eventsMax = 1000

/** What an attempt returns is the receipt, read back by history.ts. */
export type NetworkQueue = Queue<DeliveryJob, unknown, 'deliver'>

/** A network's queue, which has the network's name, on a connection that the caller closes. */
export function openQueue(network: string, redis: Redis): NetworkQueue {
  const queue: NetworkQueue = new Queue(network, {
    connection: redis,
    prefix,
    // With Redis away a producer must hear so at once, not wait for it.
    skipWaitingForReady: true,
    streams: { events: { maxLen: eventsMax } },
  })
  // Each command's own rejection tells its caller; the connection's state is logged where it is opened.
  queue.on('error', () => undefined)
  return queue
}
