import type { FailureReason } from '@ott/delivery'
import type { QueueOutcomes } from '@ott/queue'
import type { RedisStanding } from '@ott/runtime'

import type { Look } from './look.ts'
import type { NetworkLevel } from './network-level.ts'

/** A network at the end of a span of time, and what happened in it. */
type NetworkSample = NetworkLevel & {
  /** New in the queues: accepted by an ingress, or redriven. */
  readonly accepted: number
  readonly sent: number
  readonly failed: Readonly<Partial<Record<FailureReason, number>>>
}

/** How all stood at a moment (milliseconds since 1970), and what happened in the `spanMs` before it. */
export type Sample = {
  readonly at: number
  readonly spanMs: number
  readonly networks: Readonly<Record<string, NetworkSample>>
  readonly redis: Pick<RedisStanding, 'used' | 'limit'>
}

/** Of two looks, and what ended between them. */
export function toSample(before: Look, look: Look, outcomes: ReadonlyMap<string, QueueOutcomes>): Sample {
  const networks = [...look.levels].map(([name, level]): [string, NetworkSample] => {
    const { sent, failed } = outcomes.get(name) ?? { sent: 0, failed: new Map<FailureReason, number>() }
    const ended = [...failed.values()].reduce((sum, count) => sum + count, sent)
    const came = ended + underWay(level) - underWay(before.levels.get(name))
    // What somebody removed, or ended on record only later, would make it less than nothing.
    return [name, { ...level, accepted: Math.max(0, came), sent, failed: Object.fromEntries(failed) }]
  })
  const { used, limit } = look.redis
  return { at: look.at, spanMs: look.at - before.at, networks: Object.fromEntries(networks), redis: { used, limit } }
}

/** How many deliveries have yet to come to their end. */
function underWay(level: NetworkLevel | undefined): number {
  if (level === undefined) return 0
  const { waiting, active, putOff, parked } = level
  return waiting.reply + waiting.usual + waiting.slow + active + putOff + parked
}
