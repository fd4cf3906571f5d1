import type { Logger, Redis } from '@ott/runtime'

import { unusedAfterMs } from './announced-queues.ts'
import type { NetworkQueue } from './connection.ts'
import { NetworkQueues } from './network-queues.ts'
import { queueNames, type Take } from './queue-layout.ts'
import type { Retention } from './retention.ts'
import { forgetFinished, retireQueue } from './retire-queue.ts'
import { startRounds } from './rounds.ts'

/** What a process does at one queue. `close` resolves when nothing of it is left. */
export type QueueWork = { readonly close: () => Promise<void> }

export type TakeOptions<Work extends QueueWork> = {
  /** A connection of the waiting manner; closed by whoever opened it, after this. */
  readonly redis: Redis
  readonly logger: Logger
  /** This process's own layout. */
  readonly shards: number
  readonly take: Take
  readonly retention: Retention
  /** Begins the work at a queue. */
  readonly start: (queue: string) => Work
  /** How often the record is looked at. */
  readonly everyMs?: number
  /** How often it is seen to whether queues of other layouts are done with. */
  readonly retireEveryMs?: number
  /** A queue that no producer has put on record for so long is used by none. */
  readonly unusedMs?: number
}

export type TakenQueues<Work extends QueueWork> = {
  /** The work at each queue that is taken now. */
  readonly works: () => readonly Work[]
  /** Takes no further queue, and resolves when the work at all of them is over. */
  readonly close: () => Promise<void>
}

const usualEveryMs = 2000
const usualRetireEveryMs = 60_000

/**
 * Works at the queues of a network that this process is to take: at its own at once, at those of other layouts as they come on
 * record, until they are dropped from it. Those that are empty and that no producer uses any longer it drops itself.
 */
export function takeQueues<Work extends QueueWork>(network: string, options: TakeOptions<Work>): TakenQueues<Work> {
  const { redis, logger, shards, take, start, everyMs = usualEveryMs } = options
  const layout = queueNames(network, shards, redis)
  const own = layout.filter((_name, shard) => take.shards === 'all' || take.shards.has(shard))
  const works = new Map(own.map((name) => [name, start(name)]))
  const queues = new NetworkQueues(network, redis)
  const tend = makeTend(network, options)

  const follow = async (others: readonly string[], signal: AbortSignal): Promise<void> => {
    for (const [name, work] of works) {
      if (own.includes(name) || others.includes(name)) continue
      await work.close()
      works.delete(name)
      logger.info({ queue: name }, 'queue.left')
    }
    for (const name of others.filter((other) => !works.has(other) && !signal.aborted)) {
      works.set(name, start(name))
      logger.info({ queue: name }, 'queue.taken')
    }
  }
  const round = async (signal: AbortSignal): Promise<readonly unknown[]> => {
    if (redis.status !== 'ready') return []
    const others = (await queues.all()).filter(({ name }) => !layout.includes(name))
    if (take.others)
      await follow(
        others.map(({ name }) => name),
        signal,
      )
    return tend(others, signal)
  }
  const rounds = startRounds(round, { redis, logger, everyMs, falter: 'queues.faltered' })

  return {
    works: () => [...works.values()],
    close: async () => {
      await Promise.all([rounds.close(), ...[...works.values()].map((work) => work.close())])
      await queues.close()
    },
  }
}

/** What is done about the queues of other layouts from time to time. Resolves with what went wrong with one or the other. */
function makeTend<Work extends QueueWork>(network: string, options: TakeOptions<Work>) {
  const { redis, logger, take, retention, retireEveryMs = usualRetireEveryMs, unusedMs = unusedAfterMs } = options
  const warned = new Set<string>()
  let tendedAt = -Infinity

  const warn = async (queue: NetworkQueue): Promise<void> => {
    if (warned.has(queue.name) || (await queue.getJobCountByTypes('waiting', 'prioritized', 'delayed')) === 0) return
    warned.add(queue.name)
    logger.warn({ queue: queue.name, remedy: 'see that a worker takes all, or other' }, 'queue.not-taken')
  }
  const retire = async (queue: NetworkQueue): Promise<void> => {
    await forgetFinished(queue, retention)
    const isRetired = await retireQueue(queue, { network, redis, unusedMs })
    if (isRetired) logger.info({ queue: queue.name }, 'queue.retired')
  }
  return async (others: readonly NetworkQueue[], signal: AbortSignal): Promise<readonly unknown[]> => {
    if (performance.now() - tendedAt < retireEveryMs || signal.aborted) return []
    tendedAt = performance.now()
    const tended = await Promise.allSettled(others.map(take.others ? retire : warn))
    return tended.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []))
  }
}
