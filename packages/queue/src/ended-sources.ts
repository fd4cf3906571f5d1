import type { History } from '@ott/delivery'

import { keptMs } from './callback-queues.ts'
import type { NetworkQueue } from './connection.ts'
import { toHistory } from './history.ts'
import { parkingsKey } from './parked-index.ts'
import type { TimedId } from './timed-ids.ts'

/** Whether a delivery has come to its end, or was parked. */
type EndedWhat = 'end' | 'parking'

/** A delivery that has come to its end, or was parked, with all that is known of it. */
export type Ended = { readonly what: EndedWhat; readonly history: History }

/** A sorted set, by time, of a queue's deliveries that have ended in one way, or were parked. */
export type EndedSource = {
  readonly queue: NetworkQueue
  readonly name: 'completed' | 'failed' | 'parked'
  readonly key: string
}

/** Where a queue's ended and parked deliveries are found. */
export function endedSources(queue: NetworkQueue): readonly EndedSource[] {
  return [
    { queue, name: 'completed', key: queue.toKey('completed') },
    { queue, name: 'failed', key: queue.toKey('failed') },
    { queue, name: 'parked', key: parkingsKey(queue.name) },
  ]
}

/**
 * Reads deliveries; those that are gone, or that nobody can read, are left out, and those that were parked long before and are only
 * still so. Rejects with NewerForm.
 */
export async function readEnded({ queue, name }: EndedSource, ids: readonly TimedId[]): Promise<readonly Ended[]> {
  const what: EndedWhat = name === 'parked' ? 'parking' : 'end'
  const read = await Promise.all(
    ids.map(async ({ id, at }) => {
      const job = await queue.getJob(id)
      const history = job === undefined ? undefined : toHistory(job)
      return history === undefined || (what === 'parking' && isStillParked(history, at)) ? undefined : { what, history }
    }),
  )
  return read.filter((ended) => ended !== undefined)
}

/** A delivery is parked anew each time that it wakes up and its sender is still held back. */
function isStillParked({ events }: History, parkedAt: number): boolean {
  const since = events.findLast(({ event }) => event === 'parked')?.at
  return since !== undefined && parkedAt - since > keptMs
}
