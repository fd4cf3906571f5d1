import type { Delivery } from '@ott/delivery'
import { type IdempotencyRecord, type IdempotencyRecords, undividedQueue } from '@ott/queue'
import type { Logger, NowOrLater } from '@ott/runtime'

import { errorcodes, Problem } from '../problem.ts'

/** Queues a delivery, in this queue if one is named. Resolves once it is on disk. Of several with one id in a queue, one is queued. */
type Enqueue = (delivery: Delivery, queue?: string) => Promise<void>

/** What taking deliveries in works with. */
export type TakeCollaborators = {
  readonly enqueue: Enqueue
  /** The name of the queue that a delivery goes to, unless another is named. */
  readonly queueOf: (delivery: Delivery) => string
  readonly idempotency: IdempotencyRecords
  readonly logger: Logger
}

/** A request that may be repeated. `fingerprint` tells its body from any other. */
type Repeatable = { readonly account: string; readonly key: string; readonly fingerprint: string }

/** A delivery is on disk: by this request, or by an earlier one that this one repeats. */
type Taken = { readonly id: string; readonly delivery?: Delivery; readonly repeated: boolean }

/** Takes a delivery in, which `read` reads off its request. */
type Take = (repeatable: Repeatable | undefined, read: () => NowOrLater<Delivery>) => Promise<Taken>

/**
 * A request that may be repeated is taken in once, however often it comes, and wherever. Whoever claims the key first gives the
 * delivery its id and its queue; whoever comes while it is not known to be on disk queues it there under that id.
 */
export function createTake({ enqueue, queueOf, idempotency, logger }: TakeCollaborators): Take {
  return async (repeatable, read) => {
    if (repeatable === undefined) {
      const found = read()
      const delivery = found instanceof Promise ? await found : found
      await enqueue(delivery)
      return { id: delivery.id, delivery, repeated: false }
    }
    const { account, key, fingerprint } = repeatable
    const known = await idempotency.find(account, key)
    if (known !== undefined) refuseAnotherBody(known, fingerprint)
    // Whether the request would still be right, its sender still there, is no longer the question.
    if (known?.state === 'accepted') return { id: known.id, repeated: true }

    const wanted = await read()
    const first = await idempotency.claim(account, key, { id: wanted.id, fingerprint, queue: queueOf(wanted) })
    refuseAnotherBody(first, fingerprint)
    const delivery = { ...wanted, id: first.id }
    await enqueue(delivery, first.queue ?? undividedQueue(delivery.network))
    // It is on disk. That nothing says so costs the next repeat some work, and nobody a delivery.
    await idempotency.accept(account, key, first).catch((error: unknown) => {
      logger.warn({ deliveryId: first.id, reason: String(error) }, 'idempotency.unrecorded')
    })
    return { id: first.id, delivery, repeated: first.id !== wanted.id }
  }
}

function refuseAnotherBody(record: IdempotencyRecord, fingerprint: string): void {
  if (record.fingerprint === fingerprint) return
  throw anotherBody()
}

/** The key stands for another request. */
export function anotherBody(): Problem {
  return new Problem(
    422,
    errorcodes.conflict,
    'The Idempotency-Key was used with another request body. Repeat the request with its own body, or use a new key',
  )
}
