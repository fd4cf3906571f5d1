import type { Redis } from 'ioredis'

import type { Check } from './health.ts'
import type { Logger } from './logger.ts'
import { readInfo } from './redis-info.ts'
import { evictionFault } from './redis-policy.ts'
import { within } from './within.ts'

/** How often Redis is asked, unless said otherwise: what it takes in that time is far below the tenth that is kept free. */
const usualPaceMs = 500

/** An answer that is not there by then tells nothing of now. */
const answerLimitMs = 1000

/** So much must have become free below the limit before new work is taken again, or it would open and shut by turns. */
const releasePoints = 3

const megabyte = 1024 ** 2

/** `percent`: of maxmemory, from which on Redis counts as full. */
export type MemoryGuardOptions = { readonly percent: number; readonly logger: Logger; readonly everyMs?: number }

/**
 * Watches how full Redis is, so that new work is refused while there is room yet to finish what was taken. One that would throw
 * deliveries away counts as full.
 */
export type MemoryGuard = {
  /** Why nothing new should be taken just now; `undefined` while there is room. Costs nothing. */
  readonly whyNotNow: () => string | undefined
  /** For readiness. */
  readonly check: Check
  readonly close: () => void
}

/** Bytes. Without a limit there is no `maxmemory`. */
type Level = { readonly used: number; readonly limit: number; readonly unfit: string | undefined }

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
  const sample = async (): Promise<void> => {
    if (redis.status === 'ready')
      await within(answerLimitMs, readLevel(redis), 'no answer').then(judge, () => undefined)
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

/** As Redis itself counts when it decides whether to refuse writes: without the buffers of replicas and of the file. */
async function readLevel(redis: Redis): Promise<Level | undefined> {
  const info = await readInfo(redis)
  if (info?.used_memory === undefined || info.maxmemory === undefined) return undefined
  const fault = evictionFault(info)
  const unfit = fault === undefined ? undefined : `Redis is unfit: ${fault}`
  return { used: info.used_memory - (info.mem_not_counted_for_evict ?? 0), limit: info.maxmemory, unfit }
}

function percentOf(level: Level | undefined): number {
  return level === undefined || level.limit === 0 ? 0 : (100 * level.used) / level.limit
}

function describe(level: Level | undefined): string {
  if (level === undefined) return 'ok; unknown: INFO is not allowed'
  if (level.limit === 0) return 'ok; without a limit (maxmemory 0)'
  return `ok; ${inMegabytes(level.used)} of ${inMegabytes(level.limit)} used (${percentOf(level).toFixed(1)} %)`
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
