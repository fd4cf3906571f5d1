import type { Redis } from '@ott/runtime'
import type { Job } from 'bullmq'

import type { NetworkQueue } from './connection.ts'
import { NetworkQueues } from './network-queues.ts'
import { redriveJob } from './redrive-job.ts'
import { failedBetween, failedPages, type FailedPosition } from './redrive-pages.ts'
import { chooseFrom, type FailedSelection, type Meant } from './redrive-selection.ts'
import { type Redriven, type RedriveTally, type Skipped, sumOf, tallyOf } from './redrive-tally.ts'

/** How far one call goes. */
export type RedriveBounds = {
  /** At most so many deliveries are redriven; without it, all. */
  readonly limit?: number | undefined
  /** No further page is begun after so many milliseconds; without it, none is left out. */
  readonly forMs?: number | undefined
  /** Where the call before ended: its `next`, with the same selection. */
  readonly after?: FailedPosition | undefined
}

/** A queue to walk over, and whose it is. */
type Chosen = { readonly network: string; readonly queue: NetworkQueue }

type Act = (queue: NetworkQueue, job: Job) => Promise<boolean>

/** So many are in memory at a time: a job may carry as much as a request. */
const pageSizeMax = 200
const pageSizeMin = 20

/** The deliveries that failed, by network, and the way to have them tried again. */
export class FailedDeliveries {
  readonly #networks: readonly NetworkQueues[]
  readonly #redis: Redis

  /** `redis` is used, and closed by whoever opened it. */
  constructor(networks: readonly string[], redis: Redis) {
    this.#networks = networks.map((network) => new NetworkQueues(network, redis))
    this.#redis = redis
  }

  /** What {@link redrive} would do. Changes nothing. */
  async count(selection: FailedSelection, bounds: RedriveBounds = {}): Promise<RedriveTally> {
    return this.#walk(selection, bounds, async () => true)
  }

  /**
   * Brings failed deliveries back to their queues, the oldest failures first, with their ids and histories. Delivered ones,
   * and those whose validity is over, are never among them. May be cut off and called again at any time: what was redriven has
   * left the failed ones.
   */
  async redrive(selection: FailedSelection, bounds: RedriveBounds = {}): Promise<RedriveTally> {
    return this.#walk(selection, bounds, (queue, job) => redriveJob(queue, this.#redis, job, Date.now()))
  }

  /** How many failed deliveries there are to look through, meant or not. */
  async size(selection: FailedSelection): Promise<number> {
    const [from, to] = [selection.failedFrom ?? 0, selection.failedTo ?? Date.now()]
    const chosen = await this.#chosen(selection)
    const sizes = chosen.map(({ queue }) => failedBetween(queue, this.#redis, from, to))
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  }

  async close(): Promise<void> {
    await Promise.all(this.#networks.map((queues) => queues.close()))
  }

  async #walk(selection: FailedSelection, bounds: RedriveBounds, act: Act): Promise<RedriveTally> {
    const startedAt = Date.now()
    const { limit = Infinity, forMs = Infinity, after } = bounds
    // What fails while a walk is under way is not looked at: it may be what the same walk has redriven.
    const to = Math.min(after?.until ?? selection.failedTo ?? startedAt, startedAt)
    const pageSize = Math.min(Math.max(limit, pageSizeMin), pageSizeMax)
    let tally = sumOf([])
    for (const { network, queue } of await this.#chosen(selection, after)) {
      const resumed = after?.queue === queue.name ? after : undefined
      const range = { from: selection.failedFrom ?? 0, to, pageSize, after: resumed }
      for await (const page of failedPages(queue, this.#redis, range)) {
        const { looked, meant } = chooseFrom(page, selection, limit - tally.redriven)
        const outcomes = await Promise.all(meant.map((one) => carryOut(one, (job) => act(queue, job))))
        tally = sumOf([tally, tallyOf(looked.length, outcomes)])
        const last = looked.at(-1)
        const cut = looked.length < page.length || tally.redriven >= limit || Date.now() - startedAt >= forMs
        if (cut && last !== undefined)
          return { ...tally, next: { network, queue: queue.name, failedOn: last.failedOn, id: last.id, until: to } }
      }
    }
    return tally
  }

  /** The queues to walk over, always in the same order; from a place among them on, whether its queue is still there or not. */
  async #chosen({ network }: FailedSelection, from?: FailedPosition): Promise<readonly Chosen[]> {
    const names = this.#networks.map((queues) => queues.network)
    const start = from === undefined ? 0 : names.indexOf(from.network)
    if (start < 0) throw new Error(`there is no queue for the network ${from?.network}`)
    const meant = this.#networks.slice(start).filter((queues) => network === undefined || queues.network === network)
    const chosen = meant.map(async (queues) =>
      (await queues.all()).map((queue) => ({ network: queues.network, queue })),
    )
    const isLeft = ({ network: of, queue }: Chosen): boolean => of !== from?.network || queue.name >= from.queue
    return (await Promise.all(chosen)).flat().filter(isLeft)
  }
}

async function carryOut({ job, verdict }: Meant, act: (job: Job) => Promise<boolean>): Promise<Redriven | Skipped> {
  if (verdict.verdict === 'skip') return { redriven: false, why: verdict.why }
  return (await act(job)) ? { redriven: true, reason: verdict.reason } : { redriven: false, why: 'taken' }
}
