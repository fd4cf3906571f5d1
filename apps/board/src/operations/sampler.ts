import { type QueueOutcomes, readOutcomes, type Span, startRounds } from '@ott/queue'
import type { Logger, Redis } from '@ott/runtime'

import { type Look, takeLook } from './look.ts'
import type { WatchedNetwork } from './network-level.ts'
import { type Sample, toSample } from './sample.ts'

/** How often all is looked at, unless said otherwise; and for how long what was seen is remembered. */
const usualEveryMs = 2000
const rememberedMs = 60 * 60 * 1000

export type SamplerOptions = {
  readonly networks: readonly WatchedNetwork[]
  /** Closed by whoever opened it, after the sampler. */
  readonly redis: Redis
  readonly logger: Logger
  readonly everyMs?: number
  /** In milliseconds since 1970. */
  readonly now?: () => number
}

/** What was seen in the last hour by this process: however many visitors there are, Redis is asked once. */
export type Sampler = {
  readonly everyMs: number
  /** Those later than a moment (milliseconds since 1970), oldest first; all, when the clock has been set back behind it. */
  readonly after: (at: number) => readonly Sample[]
  /** How all stands now; `undefined` in the first moment. */
  readonly latest: () => Look | undefined
  readonly close: () => Promise<void>
}

/** Looks at the queues from now on. While Redis is away nothing is seen, and there are no samples of that time. */
export function startSampler(options: SamplerOptions): Sampler {
  const { networks, redis, logger, everyMs = usualEveryMs, now = Date.now } = options
  let samples: Sample[] = []
  let looks: readonly Look[] = []

  const round = async (): Promise<readonly unknown[]> => {
    const look = await takeLook(networks, redis, now)
    const [before, last] = [looks.at(-2), looks.at(-1)]
    // One look later, so that what ended before it is on record by then.
    if (before !== undefined && last !== undefined)
      samples.push(toSample(before, last, await outcomesOf(networks, redis, { after: before.at, until: last.at })))
    const isSetBack = last !== undefined && look.at <= last.at
    if (isSetBack) samples = []
    looks = last === undefined || isSetBack ? [look] : [last, look]
    samples = samples.filter(({ at }) => at > look.at - rememberedMs)
    return []
  }
  const rounds = startRounds(round, { redis, logger, everyMs, falter: 'sampling.faltered' })

  return {
    everyMs,
    after: (at) => {
      const newest = samples.at(-1)?.at ?? 0
      return at > newest ? samples : samples.filter((sample) => sample.at > at)
    },
    latest: () => looks.at(-1),
    close: () => rounds.close(),
  }
}

async function outcomesOf(
  networks: readonly WatchedNetwork[],
  redis: Redis,
  span: Span,
): Promise<ReadonlyMap<string, QueueOutcomes>> {
  const ofNetworks = networks.map(
    async ({ name, queues }) => [name, await readOutcomes(await queues.all(), redis, span)] as const,
  )
  return new Map(await Promise.all(ofNetworks))
}
