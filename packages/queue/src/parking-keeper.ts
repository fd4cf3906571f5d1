import { count, type Redis } from '@ott/runtime'
import { z } from 'zod'

import { prefix } from './connection.ts'
import { Lease } from './lease.ts'
import { startRounds } from './rounds.ts'
import { sweep, type TendOptions, tendSender } from './tend-sender.ts'

/** How parked deliveries come back. */
export const ParkingEnvironment = z.object({
  PARKING_RELEASE_PER_SECOND: count(1)
    .default(50)
    .describe('of each sender that is released, how many parked deliveries go back to the queue in a second'),
  PARKING_PROBE_SECONDS: count(1)
    .default(60 * 60)
    .describe(
      'when a parked sender is first probed, where the network does not say; doubles up to a day, but for quota and pauses',
    ),
})

const usualEveryMs = 1000

/** Another process takes over after this, when the one that has the lease dies. */
const usualLeaseMs = 5000

/** What is over takes up memory until then, and nothing else. */
const sweepEveryMs = 10 * 60 * 1000

export type ParkingKeeperOptions = Omit<TendOptions, 'now'> & {
  /** A connection of the waiting manner; closed by whoever opened it, after the keeper. */
  readonly redis: Redis
  readonly releasePerSecond: number
  readonly everyMs?: number
  readonly leaseMs?: number
  readonly now?: () => number
}

export type ParkingKeeper = {
  /** Leaves the work to another process, and resolves when what is under way is done. */
  readonly close: () => Promise<void>
}

/**
 * Looks after the parked deliveries of one of a network's queues: releases those of senders that are no longer held back, and
 * lets probes through. Started in each process that takes the queue; one at a time does the work.
 */
export function startParkingKeeper(network: string, queue: string, options: ParkingKeeperOptions): ParkingKeeper {
  const { redis, logger, everyMs = usualEveryMs } = options
  const lease = new Lease(redis, `${prefix}:parked:${queue}:keeper`, options.leaseMs ?? usualLeaseMs)
  const rounds = startRounds(makeRound(network, lease, options), {
    redis,
    logger,
    everyMs,
    falter: 'parking.faltered',
  })
  return { close: () => rounds.close(() => lease.end()) }
}

/** One look at all senders with parked deliveries. Resolves with what went wrong with one or the other of them. */
function makeRound(network: string, lease: Lease, options: ParkingKeeperOptions) {
  const { redis, parked, releasePerSecond, everyMs = usualEveryMs } = options
  const tendOptions = { ...options, now: options.now ?? Date.now }
  const limit = Math.max(1, Math.round((releasePerSecond * everyMs) / 1000))
  // One at first, then two, four …: a sender that the network does not take after all is held back again by the first.
  let allowances = new Map<string, number>()
  let sweptAt = -Infinity

  return async (signal: AbortSignal): Promise<readonly unknown[]> => {
    if (redis.status !== 'ready' || !(await lease.hold())) return []
    const faults: unknown[] = []
    const allowed = new Map<string, number>()
    for (const sender of await parked.senders()) {
      if (signal.aborted || !(await lease.hold())) return faults
      const name = JSON.stringify(sender)
      const allowance = Math.min(limit, allowances.get(name) ?? 1)
      const released = await tendSender(network, sender, allowance, tendOptions).catch((error: unknown) => {
        faults.push(error)
        return 0
      })
      if (released > 0) allowed.set(name, 2 * allowance)
    }
    allowances = allowed
    if (performance.now() - sweptAt < sweepEveryMs) return faults
    sweptAt = performance.now()
    await sweep(network, tendOptions).catch((error: unknown) => faults.push(error))
    return faults
  }
}
