import type { NetworkQueues, ParkedCount, QueueLevel } from '@ott/queue'

/** What is in all queues of a network together. */
export type NetworkLevel = Pick<QueueLevel, 'waiting' | 'active'> & {
  /** To be taken later, by themselves. */
  readonly putOff: number
  /** Waiting for their senders to be released. */
  readonly parked: number
  readonly parkedSenders: number
  /** How long the one waits that has waited longest to be taken, in milliseconds; 0 when none does. */
  readonly oldestMs: number
}

/** A network: its name, how people call it, and what is asked of its queues. */
export type WatchedNetwork = {
  readonly name: string
  readonly title: string
  readonly queues: Pick<NetworkQueues, 'all'>
  readonly parked: { readonly bySender: () => Promise<readonly ParkedCount[]> }
}

/** Adds up what each queue of a network has, at this moment: milliseconds since 1970. */
export function toNetworkLevel(
  levels: readonly QueueLevel[],
  parkedCounts: readonly ParkedCount[],
  now: number,
): NetworkLevel {
  const sumOf = (count: (level: QueueLevel) => number): number => levels.reduce((sum, level) => sum + count(level), 0)
  const parked = parkedCounts.reduce((sum, { waiting }) => sum + waiting, 0)
  const oldestAt = Math.min(...levels.map(({ oldestWaitingAt }) => oldestWaitingAt ?? now))
  return {
    waiting: {
      reply: sumOf(({ waiting }) => waiting.reply),
      usual: sumOf(({ waiting }) => waiting.usual),
      slow: sumOf(({ waiting }) => waiting.slow),
    },
    active: sumOf(({ active }) => active),
    // BullMQ has parked ones among those that are put off; of the index of parked ones some may be gone already.
    putOff: Math.max(0, sumOf(({ delayed }) => delayed) - parked),
    parked,
    parkedSenders: parkedCounts.length,
    oldestMs: Math.max(0, now - oldestAt),
  }
}
