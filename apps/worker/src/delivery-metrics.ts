import {
  DeferralReason,
  type Delivery,
  type Exchange,
  type FailureReason,
  type Receipt,
  RefusalReason,
} from '@ott/delivery'
import type { DeliveryEnds } from '@ott/queue'
import { DurationHistogram, type Durations } from '@ott/runtime'
import { Counter, type Registry } from 'prom-client'

/** Seconds. A delivery takes some hundredths of one, or as long as its sender or network is in trouble. */
const latencyBounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 43_200, 86_400]

/** Seconds. The longest call is one that is given up: three time-outs, which are ten seconds each unless set otherwise. */
const callBounds = [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 10, 20, 30]

/** What a worker counts and measures of its deliveries. */
export type DeliveryMetrics = {
  /** To be told of each attempt. */
  readonly attempted: (delivery: Delivery, receipt: Receipt) => void
  readonly measured: (exchange: Exchange) => Exchange
  readonly ends: DeliveryEnds
}

/** Puts attempts, calls and what became of deliveries among a worker's metrics. */
export function deliveryMetrics(registry: Registry): DeliveryMetrics {
  return { attempted: countAttempts(registry), measured: measureCalls(registry), ends: countEnds(registry) }
}

function countAttempts(registry: Registry): DeliveryMetrics['attempted'] {
  const latency = new DurationHistogram({
    name: 'ott_delivery_latency_seconds',
    help: 'From the POST of a delivery until the network had accepted it, waits and earlier attempts included.',
    labelNames: [],
    boundsSeconds: latencyBounds,
    registers: [registry],
  }).of({})
  let accepted = 0
  const attempts = new Counter({
    name: 'ott_attempts_total',
    help: 'Attempts at deliveries by outcome, and by reason where they were not accepted.',
    labelNames: ['outcome', 'reason'],
    registers: [registry],
    collect() {
      this.inc({ outcome: 'accepted', reason: '' }, accepted)
      accepted = 0
    },
  })
  // At 0, so that the first one is an increase.
  for (const reason of DeferralReason.options) attempts.inc({ outcome: 'deferred', reason }, 0)
  for (const reason of RefusalReason.options) attempts.inc({ outcome: 'refused', reason }, 0)

  return ({ createdAt }, receipt) => {
    const { outcome } = receipt
    if (outcome !== 'accepted') return attempts.inc({ outcome, reason: receipt.reason })
    // Clocks of two machines: one that is behind must not tell of time before the POST.
    latency.add(Math.max(0, Date.now() - createdAt) / 1000)
    accepted += 1
  }
}

function measureCalls(registry: Registry): DeliveryMetrics['measured'] {
  const durations = new DurationHistogram({
    name: 'ott_network_call_duration_seconds',
    help: 'Single calls to the network, by operation (delivery, or token: renewing an access token) and class of status; none without an answer.',
    labelNames: ['operation', 'status'],
    boundsSeconds: callBounds,
    registers: [registry],
  })
  const known = new Map<string, Durations[]>()
  const durationsOf = (operation: string, statusClass: number): Durations => {
    const classes = known.get(operation) ?? []
    known.set(operation, classes)
    const status = statusClass === 0 ? 'none' : `${statusClass}xx`
    return (classes[statusClass] ??= durations.of({ operation, status }))
  }
  return (exchange) => (call) => {
    const startedAt = performance.now()
    const observe = (statusClass: number): void =>
      durationsOf(call.operation ?? 'delivery', statusClass).add((performance.now() - startedAt) / 1000)
    return exchange(call).then(
      (answer) => {
        observe(Math.floor(answer.status / 100))
        return answer
      },
      (error: unknown) => {
        observe(0)
        throw error
      },
    )
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
