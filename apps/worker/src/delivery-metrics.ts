import { DeferralReason, type Exchange, type FailureReason, RefusalReason } from '@ott/delivery'
import type { Attempt, DeliveryEnds } from '@ott/queue'
import { Counter, Histogram, type Registry } from 'prom-client'

/** Seconds. A delivery takes some hundredths of one, or as long as its sender or network is in trouble. */
const latencyBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 43_200, 86_400]

/** Seconds. The longest call is one that is given up: three time-outs, which are ten seconds each unless set otherwise. */
const callBuckets = [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 10, 20, 30]

/** What a worker counts and measures of its deliveries. */
export type DeliveryMetrics = {
  readonly counted: (attempt: Attempt) => Attempt
  readonly measured: (exchange: Exchange) => Exchange
  readonly ends: DeliveryEnds
}

/** Puts attempts, calls and what became of deliveries among a worker's metrics. */
export function deliveryMetrics(registry: Registry): DeliveryMetrics {
  return { counted: countAttempts(registry), measured: measureCalls(registry), ends: countEnds(registry) }
}

function countAttempts(registry: Registry): DeliveryMetrics['counted'] {
  const attempts = new Counter({
    name: 'ott_attempts_total',
    help: 'Attempts at deliveries by outcome, and by reason where they were not accepted.',
    labelNames: ['outcome', 'reason'],
    registers: [registry],
  })
  const latency = new Histogram({
    name: 'ott_delivery_latency_seconds',
    help: 'From the POST of a delivery until the network had accepted it, waits and earlier attempts included.',
    buckets: latencyBuckets,
    registers: [registry],
  })
  // At 0, so that the first one is an increase.
  attempts.inc({ outcome: 'accepted', reason: '' }, 0)
  for (const reason of DeferralReason.options) attempts.inc({ outcome: 'deferred', reason }, 0)
  for (const reason of RefusalReason.options) attempts.inc({ outcome: 'refused', reason }, 0)

  return (attempt) => async (delivery, context) => {
    const receipt = await attempt(delivery, context)
    const { outcome } = receipt
    attempts.inc({ outcome, reason: outcome === 'accepted' ? '' : receipt.reason })
    // Clocks of two machines: one that is behind must not tell of time before the POST.
    if (outcome === 'accepted') latency.observe(Math.max(0, Date.now() - delivery.createdAt) / 1000)
    return receipt
  }
}

function measureCalls(registry: Registry): DeliveryMetrics['measured'] {
  const durations = new Histogram({
    name: 'ott_network_call_duration_seconds',
    help: 'Single calls to the network, by operation (delivery, or token: renewing an access token) and class of status; none without an answer.',
    labelNames: ['operation', 'status'],
    buckets: callBuckets,
    registers: [registry],
  })
  return (exchange) => async (call) => {
    const { operation = 'delivery' } = call
    const startedAt = performance.now()
    const observe = (status: string): void =>
      durations.observe({ operation, status }, (performance.now() - startedAt) / 1000)
    try {
      const answer = await exchange(call)
      observe(`${Math.floor(answer.status / 100)}xx`)
      return answer
    } catch (error) {
      observe('none')
      throw error
    }
  }
}

function countEnds(registry: Registry): DeliveryEnds {
  const registers = [registry]
  const count = (name: string, help: string) => new Counter({ name, help, registers })
  const countByReason = (name: string, help: string): ((reason: FailureReason) => void) => {
    const counter = new Counter({ name, help, labelNames: ['reason'], registers })
    for (const reason of [...DeferralReason.options, ...RefusalReason.options]) counter.inc({ reason }, 0)
    return (reason) => counter.inc({ reason })
  }
  const sent = count('ott_sent_deliveries_total', 'Deliveries that ended as Sent.')
  const stalled = count(
    'ott_stalled_deliveries_total',
    'Deliveries that went back to the queue since the worker that had them was lost; counted by the one that found it.',
  )
  return {
    sent: () => sent.inc(),
    failed: countByReason('ott_failed_deliveries_total', 'Deliveries that ended as Error, by reason.'),
    broughtAgain: countByReason(
      'ott_retries_total',
      'How often a delivery was put off to be tried again, by reason: after an attempt, or while its sender is held back.',
    ),
    stalled: () => stalled.inc(),
  }
}
