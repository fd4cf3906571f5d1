import type { Logger, Redis } from '@ott/runtime'

import type { CallbackQueues } from './callback-queues.ts'
import type { CallbackWorker } from './callback-worker.ts'
import { startRounds } from './rounds.ts'

/** A callback that was made is told from then on after so long at the latest, and one that was disabled no more. */
const usualEveryMs = 1000

const sweepEveryMs = 10 * 60 * 1000

/** A callback as far as it matters here. */
type Listed = { readonly id: string; readonly account: string; readonly disabled?: object | undefined }

export type TakeCallbacksOptions = {
  /** A connection of the waiting manner; closed by whoever opened it, after this. */
  readonly redis: Redis
  readonly logger: Logger
  readonly queues: CallbackQueues
  /** All callbacks there are just now. */
  readonly list: () => Promise<readonly Listed[]>
  /** Begins to tell what is in a callback's queue. */
  readonly start: (callback: Listed) => CallbackWorker
  readonly everyMs?: number
}

/** Tells what is in the queues of all callbacks that are not disabled, as they come and go; and clears away those of removed ones. */
export function takeCallbacks({ redis, logger, queues, list, start, everyMs = usualEveryMs }: TakeCallbacksOptions) {
  const workers = new Map<string, CallbackWorker>()
  const closing = new Set<Promise<void>>()
  let sweptAt = -Infinity

  // Not waited for: a call to an endpoint that hangs may be under way, and others are to begin meanwhile.
  const end = (id: string, worker: CallbackWorker): void => {
    workers.delete(id)
    const closed = worker.close().finally(() => closing.delete(closed))
    closing.add(closed)
  }

  const round = async (): Promise<readonly unknown[]> => {
    if (redis.status !== 'ready') return []
    const enabled = (await list()).filter(({ disabled }) => disabled === undefined)
    for (const callback of enabled) if (!workers.has(callback.id)) workers.set(callback.id, start(callback))
    const wanted = new Set(enabled.map(({ id }) => id))
    for (const [id, worker] of workers) if (!wanted.has(id)) end(id, worker)
    if (performance.now() - sweptAt < sweepEveryMs) return []
    sweptAt = performance.now()
    await queues.sweep(async () => (await list()).map(({ id }) => id))
    return []
  }
  const rounds = startRounds(round, { redis, logger, everyMs, falter: 'callbacks.faltered' })
  return {
    /** How many are told just now. */
    count: () => workers.size,
    /** Resolves when what is under way has been told or put off. */
    close: async () => {
      await rounds.close()
      for (const [id, worker] of workers) end(id, worker)
      await Promise.all(closing)
    },
  }
}
