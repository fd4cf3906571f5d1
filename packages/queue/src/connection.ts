import type { Redis } from '@ott/runtime'
import { Queue } from 'bullmq'

import { backendFor, type DeliveryBackend } from './delivery-backend.ts'
import type { DeliveryJob } from './job.ts'

/** Every key of ours begins with it. BullMQ's are `ott:<queue>:…`. */
export const prefix = 'ott'

/** BullMQ tells the steps that are its own, such as failures, in a stream of about this length, which nobody here reads. */
const eventsMax = 1000

/** What an attempt returns is the receipt, read back by history.ts. */
export type NetworkQueue = Queue<DeliveryJob, unknown, 'deliver', DeliveryJob, unknown, 'deliver', DeliveryBackend>

/** One of a network's queues, by its name, on a connection that the caller closes. */
export function openQueue(name: string, redis: Redis): NetworkQueue {
  const queue: NetworkQueue = new Queue(
    name,
    {
      connection: redis,
      prefix,
      // With Redis away a producer must hear so at once, not wait for it.
      skipWaitingForReady: true,
      streams: { events: { maxLen: eventsMax } },
    },
    backendFor(),
  )
  // Each command's own rejection tells its caller; the connection's state is logged where it is opened.
  queue.on('error', () => undefined)
  return queue
}
