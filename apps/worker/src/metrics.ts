import type { ParkedCounts } from '@ott/queue'
import { type AskedGauge, createMetrics, exposeAsked, type Metrics } from '@ott/runtime'

type Parked = Awaited<ReturnType<ParkedCounts['all']>>

/** A worker's metrics: what waits for its sender, of the whole network, beside those of the process. */
export function workerMetrics(network: string, parked: ParkedCounts, revision?: string): Metrics {
  const metrics = createMetrics({ program: 'worker', network, revision })
  exposeAsked(metrics.registry, () => parked.all(), gauges)
  return metrics
}

const gauges: readonly AskedGauge<Parked>[] = [
  {
    name: 'ott_parked_senders',
    help: 'Senders that are held back, and have deliveries waiting for that to end.',
    over: 'max',
    values: ({ senders }) => [{ value: senders }],
  },
  {
    name: 'ott_parked_deliveries',
    help: 'Deliveries that wait until their sender is released.',
    over: 'max',
    values: ({ deliveries }) => [{ value: deliveries }],
  },
]
