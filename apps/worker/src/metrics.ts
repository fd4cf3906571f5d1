import type { ParkedCounts } from '@ott/queue'
import { createMetrics, type Metrics, within } from '@ott/runtime'
import { Gauge } from 'prom-client'

const collectLimitMs = 500

/** A worker's metrics: what waits for its sender, of the whole network, beside those of the process. */
export function workerMetrics(network: string, parked: ParkedCounts): Metrics {
  const metrics = createMetrics({ program: 'worker', network })
  const registers = [metrics.registry]
  const gauge = (name: string, help: string, count: 'senders' | 'deliveries'): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      // With Redis away the other metrics are wanted all the more: this one stays as it was.
      async collect() {
        const counts = await within(collectLimitMs, parked.all(), 'no answer').catch(() => undefined)
        if (counts !== undefined) this.set(counts[count])
      },
    })
  gauge('ott_parked_senders', 'Senders that are held back, and have deliveries waiting for that to end.', 'senders')
  gauge('ott_parked_deliveries', 'Deliveries that wait until their sender is released.', 'deliveries')
  return metrics
}
