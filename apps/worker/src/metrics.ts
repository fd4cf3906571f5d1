import type { ParkedDeliveries } from '@ott/queue'
import { createMetrics, type Metrics, within } from '@ott/runtime'
import { Gauge } from 'prom-client'

const collectLimitMs = 500

/** A worker's metrics: what waits for its sender, of the whole network, beside those of the process. */
export function workerMetrics(network: string, parked: ParkedDeliveries): Metrics {
  const metrics = createMetrics({ program: 'worker', network })
  const registers = [metrics.registry]
  const senders = new Gauge({
    name: 'ott_parked_senders',
    help: 'Senders that are held back, and have deliveries waiting for that to end.',
    registers,
  })
  const deliveries = new Gauge({
    name: 'ott_parked_deliveries',
    help: 'Deliveries that wait until their sender is released.',
    registers,
    // With Redis away the other metrics are wanted all the more: these stay as they were.
    collect: async () => {
      const counts = await within(collectLimitMs, parked.counts(), 'no answer').catch(() => undefined)
      if (counts === undefined) return
      senders.set(counts.senders)
      deliveries.set(counts.deliveries)
    },
  })
  return metrics
}
