import type { Check } from './health.ts'
import type { Logger } from './logger.ts'
import { fullest, type Level, type Levels, percentOf, readLevels } from './memory-level.ts'
import type { Redis } from './redis-servers.ts'

/** How often Redis is asked, unless said otherwise: what it takes in that time is far below the tenth that is kept free. */
const usualPaceMs = 500

/** So much must have become free below the limit before new work is taken again, or it would open and shut by turns. */
const releasePoints = 3

const megabyte = 1024 ** 2

/** `percent`: of maxmemory, from which on Redis counts as full. */
export type MemoryGuardOptions = { readonly percent: number; readonly logger: Logger; readonly everyMs?: number }

/**
 * Watches how full Redis is, so that new work is refused while there is room yet to finish what was taken. One that would throw
 * deliveries away counts as full. Of a cluster the fullest master counts.
 */
export type MemoryGuard = {
  /** Why nothing new should be taken just now; `undefined` while there is room. Costs nothing. */
  readonly whyNotNow: () => string | undefined
  /** For readiness. */
  readonly check: Check
  readonly close: () => void
}

/**
 * Samples Redis's memory from now on. A Redis without maxmemory is never full. While Redis is away, or does not say, what it
 * said last holds.
 */
export function createMemoryGuard(
  redis: Redis,
  { percent, logger, everyMs = usualPaceMs }: MemoryGuardOptions,
): MemoryGuard {
  let state = 'ok; not known yet'
  let full: string | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const judge = (level: Level | undefined): void => {
    state = describe(level)
    const usedPercent = percentOf(level)
    const before = full
    const limit = before === undefined ? percent : percent - releasePoints
    full = level?.unfit ?? (usedPercent < limit ? undefined : fullness(state, percent))
    if ((full === undefined) === (before === undefined)) return
    const facts = { ...level, usedPercent, percent }
    if (full === undefined) logger.info(facts, 'redis.memory-freed')
    else logger.warn(facts, 'redis.memory-full')
  }
  let levels: Levels = new Map()
  const sample = async (): Promise<void> => {
    if (redis.status === 'ready') {
      levels = await readLevels(redis, levels)
      if (levels.size > 0) judge(fullest(levels))
    }
    if (!closed) timer = setTimeout(() => void sample(), everyMs).unref()
  }
  void sample()

  return {
    whyNotNow: () => full,
    check: async () => {
      if (full !== undefined) throw new Error(full)
      return state
    },
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}

function describe(level: Level | undefined): string {
  if (level === undefined) return 'ok; unknown: INFO is not allowed'
  if (level.limit === 0) return 'ok; without a limit (maxmemory 0)'
  const where = level.node === undefined ? '' : `, by ${level.node}, the fullest node`
  return `ok; ${inMegabytes(level.used)} of ${inMegabytes(level.limit)} used (${percentOf(level).toFixed(1)} %)${where}`
}

function inMegabytes(bytes: number): string {
  return `${(bytes / megabyte).toFixed(1)} MB`
}

function fullness(state: string, percent: number): string {
  return (
    `Redis is nearly full: ${state.replace('ok; ', '')}, and from ${percent} % on nothing new is taken, so that what was taken ` +
    'can be finished. It passes as deliveries finish and are cleared away; if it comes again, raise maxmemory'
  )
}
