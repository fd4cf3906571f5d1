import type { Check, Logger, Redis } from '@ott/runtime'

import { prefix } from './connection.ts'

/** A worker's own account of what it does. Times are milliseconds since 1970. */
export type Progress = {
  /** When it last took a delivery. */
  readonly lastTakenAt: number
  /** When it began with the one that it has been at for longest; `undefined` when it is at none. */
  readonly oldestBegunAt: number | undefined
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
  const { logger, everyMs = usualEveryMs, onStuck } = options
  const whyStuck = makeWhyStuck({ ...options, everyMs })
  let stuck: string | undefined
  let closed = false

  /** The next look comes after this one's end: while Redis keeps this one waiting, it keeps the worker waiting, too. */
  async function look(): Promise<void> {
    const reason = await whyStuck()
    if (closed) return
    if (reason === undefined) {
      timer = setTimeout(() => void look(), everyMs)
      return
    }
    stuck = reason
    logger.fatal({ reason }, 'worker.stuck')
    onStuck(reason)
  }

  let timer = setTimeout(() => void look(), everyMs)
  return {
    check: async () => {
      if (stuck !== undefined) throw new Error(stuck)
      return 'gets on'
    },
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}

function makeWhyStuck(options: ProgressWatchOptions & { readonly everyMs: number }) {
  const { progress, redis, everyMs, attemptLimitMs, idleLimitMs = usualIdleLimitMs } = options
  let idleSince: number | undefined

  /** The worker is asked twice: what it was given while Redis was asked counts as well. */
  async function isIdle(now: number): Promise<boolean> {
    const takesNone = (): boolean => {
      const { hasRoom, lastTakenAt } = progress()
      return hasRoom && lastTakenAt < (idleSince ?? now - everyMs)
    }
    return takesNone() && (await isWorkWaiting(redis, `${prefix}:${options.queue}:`, now)) && takesNone()
  }

  return async (): Promise<string | undefined> => {
    const now = Date.now()
    // With Redis away nobody can tell; and a worker that cannot take anything then is not to blame.
    idleSince = (await isIdle(now).catch(() => false)) ? (idleSince ?? now) : undefined
    const { oldestBegunAt = now } = progress()
    if (now - oldestBegunAt > attemptLimitMs) return `an attempt has not ended for ${seconds(now - oldestBegunAt)}`
    if (idleSince !== undefined && now - idleSince > idleLimitMs)
      return `deliveries wait, and none has been taken for ${seconds(now - idleSince)}`
    return undefined
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
