import type { CallbackQueues, Told } from '@ott/queue'
import { type CallbackRegistry, exposeCallbacks } from '@ott/registry'
import { Counter, createMetrics, Gauge, Histogram, type Metrics, within } from '@ott/runtime'

const collectLimitMs = 500

/** The metrics of the callbacks program, and the way to tell it of a POST. */
export type CallbackMetrics = Metrics & {
  readonly posted: (outcome: Told['outcome'], durationMs: number) => void
}

type Watched = {
  readonly registry: CallbackRegistry
  readonly queues: CallbackQueues
  /** For how many milliseconds what has ended has not been taken in. */
  readonly lagMs: () => number
  readonly revision: string | undefined
}

type Registers = { readonly registers: Metrics['registry'][] }

export function callbackMetrics({ registry, queues, lagMs, revision }: Watched): CallbackMetrics {
  const metrics = createMetrics({ program: 'callbacks', revision })
  const registers = [metrics.registry]
  const posts = new Counter({
    name: 'ott_callback_attempts_total',
    help: 'Attempts to tell an event by callback, by what came of them.',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of ['arrived', 'failed']) posts.inc({ outcome }, 0)
  const durations = new Histogram({
    name: 'ott_callback_duration_seconds',
    help: 'How long endpoints took to answer a callback, or not to.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  })
  lagGauge(lagMs, { registers })
  exposeCallbacks(metrics.registry, registry)
  waitingGauge(registry, queues, { registers })
  return {
    ...metrics,
    posted: (outcome, durationMs) => {
      posts.inc({ outcome })
      durations.observe(durationMs / 1000)
    },
  }
}

function lagGauge(lagMs: () => number, { registers }: Registers): Gauge {
  return new Gauge({
    name: 'ott_callback_lag_seconds',
    help: 'For how long what became of deliveries has not been queued for callbacks; 0 in the processes that do not look.',
    registers,
    collect() {
      this.set(lagMs() / 1000)
    },
  })
}

/** With Redis away the other metrics are wanted all the more: this one stays as it was. */
function waitingGauge(registry: CallbackRegistry, queues: CallbackQueues, { registers }: Registers): Gauge {
  const waiting = async (): Promise<number> => {
    const counts = (await registry.all()).map(({ id }) => queues.waiting(id))
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }
  return new Gauge({
    name: 'ott_callback_events_waiting',
    help: 'Events that have yet to arrive, of all callbacks.',
    registers,
    async collect() {
      const count = await within(collectLimitMs, waiting(), 'no answer').catch(() => undefined)
      if (count !== undefined) this.set(count)
    },
  })
}
