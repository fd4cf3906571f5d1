import type { Delivery } from '@ott/delivery'
import { deliverySpan } from '@ott/queue'
import type { Tracing } from '@ott/runtime'

import type { TakeCollaborators } from './take.ts'

type Given = Pick<TakeCollaborators, 'enqueue' | 'queueOf'>

/** Queues each delivery as a part of its request's trace, which goes with it to whoever attempts it. */
export function tracedEnqueue({ enqueue, queueOf }: Given, tracing: Tracing | undefined): Given['enqueue'] {
  if (tracing === undefined) return enqueue
  return (delivery: Delivery, queue = queueOf(delivery)) =>
    tracing.inSpan(deliverySpan('send', queue, delivery), (span) => {
      const trace = span.context()
      return enqueue(trace === undefined ? delivery : { ...delivery, trace }, queue)
    })
}
