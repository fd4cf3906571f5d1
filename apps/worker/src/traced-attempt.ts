import { type Attempt, deliverySpan } from '@ott/queue'
import type { Tracing } from '@ott/runtime'

/** Tells of each attempt at a delivery that is traced, as a part of its trace. */
export function tracedAttempt(attempt: Attempt, queue: string, tracing: Tracing | undefined): Attempt {
  if (tracing === undefined) return attempt
  return (delivery, context) => {
    if (delivery.trace === undefined) return attempt(delivery, context)
    const start = { ...deliverySpan('process', queue, delivery), parent: delivery.trace }
    return tracing.inSpan(start, async (span) => {
      span.set({ 'ott.attempt': context.attempt })
      const receipt = await attempt(delivery, context)
      span.set({ 'ott.outcome': receipt.outcome })
      if (receipt.outcome !== 'accepted') span.fail(receipt.reason)
      return receipt
    })
  }
}
