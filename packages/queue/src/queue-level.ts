import { z } from 'zod'

import type { NetworkQueue } from './connection.ts'
import type { Lane } from './lane.ts'

/** How many deliveries are where in a queue, as they were at one moment. */
export type QueueLevel = {
  /** To be taken by a worker now. */
  readonly waiting: Readonly<Record<Lane, number>>
  /** To be taken later: put off, or parked. */
  readonly delayed: number
  readonly active: number
  readonly failed: number
  readonly completed: number
  /**
   * Since when the one waits that has waited longest to be taken, in milliseconds since 1970; `undefined` when none does. One that
   * was put off waits since it came up again. Released deliveries, and such as a lost worker had, are known to no more than wait
   * longer than whoever came after them.
   */
  readonly oldestWaitingAt: number | undefined
}

const Count = z.int().nonnegative()

const Answer = z
  .tuple([Count, Count, Count, Count, Count, Count, Count, Count])
  .transform(([reply, usual, slow, delayed, active, failed, completed, oldest]): QueueLevel => ({
    waiting: { reply, usual, slow },
    delayed,
    active,
    failed,
    completed,
    oldestWaitingAt: oldest === 0 ? undefined : oldest,
  }))

/** One command, that takes no longer in a long queue than in a short one. Rejects when Redis is away, or waits, as its connection does. */
export async function readQueueLevel(queue: NetworkQueue): Promise<QueueLevel> {
  return Answer.parse(await queue.getBackend().readLevel(Date.now()))
}
