import type { Logger, Redis } from '@ott/runtime'
import { LRUCache } from 'lru-cache'

import { prefix } from './connection.ts'
import { Cursors } from './cursors.ts'
import { type Ended, type EndedSource, endedSources, readEnded } from './ended-sources.ts'
import { Lease } from './lease.ts'
import { NetworkQueues } from './network-queues.ts'
import { startRounds } from './rounds.ts'
import { type TimedId, timedIdsAfter } from './timed-ids.ts'

const usualEveryMs = 1000

/** Another process takes over after this, when the one that looks dies. */
const usualLeaseMs = 5000

/**
 * A delivery is put where it is found with the time at which its worker said so: it can come there late, and before others that
 * were seen, by as much as clocks differ, and by as long as a worker that was frozen or cut off still has its lock. So each place
 * is looked at again after so long: LOCK_MS, and as much again and more for the clocks.
 */
const usualLateMs = 60_000

/** Deliveries that the second look need not read again; of more than these it reads the oldest once more. */
const seenMax = 100_000

const pageSize = 200

export type EndedTailOptions = {
  /** A connection of the waiting manner; closed by whoever opened it, after the tail. */
  readonly redis: Redis
  readonly logger: Logger
  /** The networks whose deliveries are looked at. */
  readonly networks: readonly string[]
  /** From when on what ends is wanted, in milliseconds since 1970; while it is `undefined`, nothing is read. */
  readonly wantedSince: () => Promise<number | undefined>
  /** Takes in what has ended. If it rejects, or the process dies, the same comes again. */
  readonly tell: (ended: readonly Ended[]) => Promise<void>
  readonly everyMs?: number
  readonly lateMs?: number
  readonly leaseMs?: number
}

export type EndedTail = {
  /** For how many milliseconds what has ended has not been told: 0 in a process that does not look. */
  readonly lagMs: () => number
  /** Leaves the work to another process, and resolves when what is under way is done. */
  readonly close: () => Promise<void>
}

/**
 * Finds what becomes of deliveries, without those who deliver doing anything for it: it follows the sets in which BullMQ keeps what
 * has ended, by time. Each delivery's end is told at least once, and as long as the delivery is kept. Of all processes that are
 * started one at a time looks.
 */
export function startEndedTail(options: EndedTailOptions): EndedTail {
  const { redis, logger, everyMs = usualEveryMs } = options
  const lease = new Lease(redis, `${prefix}:callbacks:tail`, options.leaseMs ?? usualLeaseMs)
  const networks = options.networks.map((network) => new NetworkQueues(network, redis))
  const tail = new Tail(lease, networks, options)
  const rounds = startRounds((signal) => tail.look(signal), { redis, logger, everyMs, falter: 'callbacks.faltered' })
  return {
    lagMs: () => tail.lagMs,
    close: async () => {
      await rounds.close(() => lease.end())
      await Promise.all(networks.map((queues) => queues.close()))
    },
  }
}

class Tail {
  readonly #lease: Lease
  readonly #networks: readonly NetworkQueues[]
  readonly #options: EndedTailOptions
  readonly #cursors: Cursors
  readonly #seen = new LRUCache<string, true>({ max: seenMax })
  lagMs = 0

  constructor(lease: Lease, networks: readonly NetworkQueues[], options: EndedTailOptions) {
    this.#lease = lease
    this.#networks = networks
    this.#options = options
    this.#cursors = new Cursors(`${prefix}:callbacks:cursors`, options.redis)
  }

  /** Looks at all there is once. Resolves with what went wrong with one queue or the other. */
  async look(signal: AbortSignal): Promise<readonly unknown[]> {
    const since = await this.#since()
    if (since === undefined) {
      this.lagMs = 0
      return []
    }
    const now = Date.now()
    const sources = (await Promise.all(this.#networks.map((queues) => queues.all()))).flat().flatMap(endedSources)
    await this.#cursors.load(sources.flatMap((source) => [nameOf(source, 'first'), nameOf(source, 'second')]))
    const faults: unknown[] = []
    for (const source of sources)
      await this.#follow(source, { since, now, signal }).catch((error: unknown) => faults.push(error))
    await this.#cursors.save()
    this.lagMs =
      now - Math.min(now, ...sources.map((source) => this.#cursors.get(nameOf(source, 'first'))?.at ?? since))
    // It may be that another can do what this one could not: that reads a later form, say.
    if (faults.length > 0) await this.#lease.end()
    return faults
  }

  async #since(): Promise<number | undefined> {
    const { redis, wantedSince } = this.#options
    return redis.status === 'ready' && (await this.#lease.hold()) ? wantedSince() : undefined
  }

  async #follow(source: EndedSource, { since, now, signal }: { since: number; now: number; signal: AbortSignal }) {
    const { lateMs = usualLateMs } = this.#options
    await this.#walk(source, 'first', { from: since, to: now, signal })
    await this.#walk(source, 'second', { from: since, to: now - lateMs, signal })
  }

  async #walk(
    source: EndedSource,
    look: Look,
    { from, to, signal }: { readonly from: number; readonly to: number; readonly signal: AbortSignal },
  ): Promise<void> {
    const name = nameOf(source, look)
    for (;;) {
      if (signal.aborted || !(await this.#lease.hold())) return
      const range = { from, to, after: this.#cursors.get(name), pageSize }
      const page = await timedIdsAfter(this.#options.redis, source.key, range)
      const last = page.at(-1)
      if (last === undefined) break
      await this.#tell(source, page)
      await this.#cursors.save([name, last])
    }
    // What comes there at this very moment is beyond it: no id is before the empty one.
    if (to > (this.#cursors.get(name)?.at ?? from)) this.#cursors.put(name, { at: to, id: '' })
  }

  async #tell(source: EndedSource, page: readonly TimedId[]): Promise<void> {
    const fresh = page.filter((entry) => !this.#seen.has(nameOfEntry(source, entry)))
    if (fresh.length === 0) return
    await this.#options.tell(await readEnded(source, fresh))
    // That a delivery is parked is noted before its job says so: the first look may have come in between.
    if (source.name === 'parked') return
    for (const entry of fresh) this.#seen.set(nameOfEntry(source, entry), true)
  }
}

type Look = 'first' | 'second'

function nameOf({ queue, name }: EndedSource, look: Look): string {
  return `${queue.name}:${name}:${look}`
}

function nameOfEntry({ key }: EndedSource, { at, id }: TimedId): string {
  return `${key}:${id}:${at}`
}
