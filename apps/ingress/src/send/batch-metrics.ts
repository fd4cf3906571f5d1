import { Counter, type Registry } from 'prom-client'

import type { Problem } from '../problem.ts'
import { nameOfReason } from '../refusal-reason.ts'

/** What one request of a batch was answered. `none`: nothing, since the client had gone before its turn came. */
type ItemOutcome =
  | { readonly status: 201 | 'none' }
  | ({ readonly status: number } & Pick<Problem, 'errorcode' | 'validationErrors'>)

/** Counts so many requests of a batch that were answered alike. */
export type CountItems = (outcome: ItemOutcome, count?: number) => void

/** The counter of what batches bring, and the way to put it among a program's metrics. */
export type ItemCount = { readonly countItems: CountItems; readonly exposeItems: (registry: Registry) => void }

/** A batch is one request, answered 207 whatever became of it: without this nobody would see that all in it was refused. */
export function createItemCount(): ItemCount {
  const items = new Counter({
    name: 'ott_batch_requests_total',
    help: 'Requests in batches, by the status and reason that each was answered with in its batch; none of a client that had gone.',
    labelNames: ['status', 'reason'],
    registers: [],
  })
  // At 0, so that the first batch, and the first trouble, is an increase.
  items.inc({ status: 201, reason: '' }, 0)
  items.inc({ status: 503, reason: 'unavailable' }, 0)
  return {
    countItems: (outcome, count = 1) =>
      items.inc({ status: outcome.status, reason: 'errorcode' in outcome ? nameOfReason(outcome) : '' }, count),
    exposeItems: (registry) => registry.registerMetric(items),
  }
}
