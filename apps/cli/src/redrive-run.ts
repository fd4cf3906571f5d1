import { type FailedDeliveries, type FailedSelection, type RedriveTally, sumOf } from '@ott/queue'

import { showProgress } from './progress.ts'
import { rest } from './rate.ts'

type Run = {
  readonly selection: FailedSelection
  /** When it is aborted, no further batch is begun. */
  readonly signal: AbortSignal
  /** Shows no progress. */
  readonly quiet: boolean
}

/** How long a batch takes at most while nothing is changed, so that an interrupt is heard. */
const countForMs = 250

/** So many batches a second make a rate even. */
const batchesPerSecond = 10

/** Counts what a redrive would take; `next` is there when it was interrupted. */
export async function countAll(failed: FailedDeliveries, { selection, signal, quiet }: Run): Promise<RedriveTally> {
  const total = await failed.size(selection)
  const progress = showProgress({ total, words: (done) => `${done} of ${total} looked at`, quiet })
  let tally = await failed.count(selection, { forMs: countForMs })
  while (tally.next !== undefined && !signal.aborted) {
    progress.update(tally.looked)
    tally = sumOf([tally, await failed.count(selection, { forMs: countForMs, after: tally.next })])
  }
  progress.end(tally.looked)
  return tally
}

/** Redrives evenly so many a second; `next` is there when it was interrupted. `total` is what a count came to. */
export async function redriveAll(
  failed: FailedDeliveries,
  { selection, signal, quiet, rate, total }: Run & { readonly rate: number; readonly total: number },
): Promise<RedriveTally> {
  const progress = showProgress({ total, words: (done) => `${done} of ${total} redriven`, quiet })
  const limit = Math.max(1, Math.floor(rate / batchesPerSecond))
  let tally: RedriveTally = sumOf([])
  let dueAt = 0
  do {
    const startedAt = performance.now()
    const batch = await failed.redrive(selection, { limit, after: tally.next })
    tally = sumOf([tally, batch])
    progress.update(tally.redriven)
    // What a slow batch missed is not made up for: that would be a burst.
    dueAt = Math.max(dueAt, startedAt) + (batch.redriven / rate) * 1000
    if (tally.next !== undefined) await rest(dueAt - performance.now(), signal)
  } while (tally.next !== undefined && !signal.aborted)
  progress.end(tally.redriven)
  return tally
}
