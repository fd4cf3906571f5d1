import type { Check, Logger, Redis } from '@ott/runtime'

import { prefix } from './connection.ts'

/** A worker's own account of what it does. Times are milliseconds since 1970. */
export type Progress = {
  /** When it last took a delivery. */
  readonly lastTakenAt: number
  /** When it took the one that it has had in hand for longest; `undefined` when it has none. */
  readonly oldestTakenAt: number | undefined
  /** Whether it could take one more. */
  readonly hasRoom: boolean
}

export type ProgressWatchOptions = {
  readonly queue: string
  readonly progress: () => Progress
  /** A connection of its own: what the worker's connections are like is among the things that are watched. */
  readonly redis: Redis
  readonly logger: Logger
  /** An attempt that takes longer does not end any more. */
  readonly attemptLimitMs: number
  /** With deliveries waiting and room for them, a worker that takes none for so long is stuck. */
  readonly idleLimitMs?: number
  readonly everyMs?: number
  /** Called once. A stuck worker does not recover: whoever started the process should start another. */
  readonly onStuck: (reason: string) => void
}

/** Tells a worker that looks alive from one that gets on with its work. */
export type ProgressWatch = {
  /** A liveness check. */
  readonly check: Check
  readonly close: () => void
}

const usualIdleLimitMs = 60_000
const usualEveryMs = 5000

/** A delivery whose wait is over is moved by whichever worker looks next; one still there after so long is overlooked. */
const overdueMs = 5000

/** Watches that deliveries are taken while there are any, and that attempts end. */
export function watchProgress(options: ProgressWatchOptions): ProgressWatch {
  const { progress, redis, logger, everyMs = usualEveryMs, idleLimitMs = usualIdleLimitMs } = options
  let idleSince: number | undefined
  let stuck: string | undefined

  async function idle(now: number): Promise<boolean> {
    const { hasRoom, lastTakenAt } = progress()
    if (!hasRoom || lastTakenAt >= (idleSince ?? now - everyMs)) return false
    return isWorkWaiting(redis, `${prefix}:${options.queue}:`, now)
  }

  async function look(): Promise<void> {
    const now = Date.now()
    const { oldestTakenAt = now } = progress()
    // With Redis away nobody can tell; and a worker that cannot take anything then is not to blame.
    idleSince = (await idle(now).catch(() => false)) ? (idleSince ?? now) : undefined
    if (now - oldestTakenAt > options.attemptLimitMs)
      return tell(`an attempt has not ended for ${seconds(now - oldestTakenAt)}`)
    if (idleSince !== undefined && now - idleSince > idleLimitMs)
      return tell(`deliveries wait, and none has been taken for ${seconds(now - idleSince)}`)
  }

  function tell(reason: string): void {
    clearInterval(timer)
    stuck = reason
    logger.fatal({ reason }, 'worker.stuck')
    options.onStuck(reason)
  }

  const timer = setInterval(() => void look(), everyMs)
  return {
    check: async () => {
      if (stuck !== undefined) throw new Error(stuck)
      return 'gets on'
    },
    close: () => clearInterval(timer),
  }
}

/** Whether there is a delivery that a worker could take. BullMQ keeps a delayed job's time as the upper bits of its score. */
async function isWorkWaiting(redis: Redis, keys: string, now: number): Promise<boolean> {
  const [waiting, prioritized, overdue, paused] = await Promise.all([
    redis.llen(`${keys}wait`),
    redis.zcard(`${keys}prioritized`),
    redis.zcount(`${keys}delayed`, 0, (now - overdueMs) * 0x1000),
    redis.hexists(`${keys}meta`, 'paused'),
  ])
  return paused === 0 && waiting + prioritized + overdue > 0
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}
