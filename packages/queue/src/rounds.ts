import { once } from 'node:events'

import type { Logger, Redis } from '@ott/runtime'

export type RoundsOptions = {
  /** A connection of the waiting manner; closed by whoever opened it, after the rounds. */
  readonly redis: Redis
  readonly logger: Logger
  readonly everyMs: number
  /** The log line that tells of a fault, once until there is a round without any. */
  readonly falter: string
}

export type Rounds = {
  /** Begins no further round, and resolves when the one under way, and then `last`, are done; at once when Redis is away. */
  readonly close: (last?: () => Promise<void>) => Promise<void>
}

/** Does `round` again and again, beginning now. It resolves with what went wrong in it, and ends early once `signal` is aborted. */
export function startRounds(
  round: (signal: AbortSignal) => Promise<readonly unknown[]>,
  { redis, logger, everyMs, falter }: RoundsOptions,
): Rounds {
  const stop = new AbortController()
  let isFaltering = false

  const report = (faults: readonly unknown[]): void => {
    // That Redis is away is told once, where the connection is watched.
    const isNew = faults.length > 0 && !isFaltering && redis.status === 'ready' && !stop.signal.aborted
    if (isNew) logger.error({ err: faults[0], faults: faults.length }, falter)
    isFaltering = faults.length > 0
  }
  // The next round is timed when one is done: with Redis away they do not pile up.
  const keepOn = async (): Promise<void> => {
    report(await round(stop.signal).catch((error: unknown) => [error]))
    if (!stop.signal.aborted) timer = setTimeout(next, everyMs)
  }
  const next = (): void => void (underWay = keepOn())
  let timer: NodeJS.Timeout | undefined
  let underWay = keepOn()

  return {
    close: async (last = async () => undefined) => {
      stop.abort()
      clearTimeout(timer)
      if (redis.status !== 'ready') return
      await untilLost(redis, underWay.then(last))
    },
  }
}

/** Waits for what needs Redis; no longer once the connection is lost. */
async function untilLost(redis: Redis, work: Promise<void>): Promise<void> {
  const done = new AbortController()
  const lost = once(redis, 'close', { signal: done.signal }).catch(() => undefined)
  await Promise.race([work, lost]).finally(() => done.abort())
}
