import {
  deferred,
  type Delivery,
  EndpointNotAllowed,
  hider,
  type NetworkDefinition,
  NoAnswer,
  type Receipt,
  refused,
  type Sender,
  TooLate,
} from '@ott/delivery'
import { type Attempt, type AttemptContext, CannotAttempt, NoLongerHeld } from '@ott/queue'
import { UnknownKey } from '@ott/registry'
import type { Logger, NowOrLater } from '@ott/runtime'

import type { OpenNetwork } from './open-network.ts'

/** The sender as last registered. Rejects with UnknownKey when its secrets cannot be opened here. */
export type FindSender = (account: string, id: string) => NowOrLater<Sender | undefined>

/**
 * One attempt at a delivery: find the sender, open the network for it, deliver, and say in one line what came of it. What
 * breaks on our side is a deferral like any other, so that it is tried again and seen. Two things are thrown instead, since they say
 * nothing of the delivery: CannotAttempt, by a worker that lacks the key to the sender's secrets, and NoLongerHeld.
 */
export function makeAttempt(
  { title }: Pick<NetworkDefinition, 'title'>,
  findSender: FindSender,
  open: OpenNetwork,
  logger: Logger,
  onAttempted?: (delivery: Delivery, receipt: Receipt) => void,
): Attempt {
  function deliver(sender: Sender | undefined, delivery: Delivery, context: AttemptContext): NowOrLater<Receipt> {
    if (!sender?.active) return refused('sender', `the sender is not registered for ${title}, or not active`)
    const network = open(sender)
    return 'outcome' in network ? network : network.deliver(delivery, context)
  }

  return async (delivery, context) => {
    const startedAt = performance.now()
    let receipt: Receipt
    try {
      const found = findSender(delivery.account, delivery.sender)
      receipt = await deliver(found instanceof Promise ? await found : found, delivery, context)
    } catch (error) {
      receipt = fromError(error, delivery, { ...context, title, logger })
    }
    logger.info(describe(delivery, context, receipt, startedAt), 'delivery.attempted')
    onAttempted?.(delivery, receipt)
    return receipt
  }
}

/** What breaks off an attempt, as a receipt; what says nothing of the delivery is thrown on. */
function fromError(
  error: unknown,
  delivery: Delivery,
  { signal, title, logger }: { readonly signal: AbortSignal; readonly title: string; readonly logger: Logger },
): Receipt {
  // What is wrong is this worker's configuration, and the delivery shall not suffer for it.
  if (error instanceof UnknownKey) throw new CannotAttempt(error.message, { cause: error })
  if (error instanceof NoLongerHeld || error instanceof CannotAttempt) throw error
  if (error instanceof NoAnswer && !error.reached) return deferred('no-answer', error.message)
  if (signal.aborted) return deferred('no-answer', `the worker was stopped before ${title} answered`, { inDoubt: true })
  if (error instanceof NoAnswer) return deferred('no-answer', error.message, { inDoubt: true })
  if (error instanceof TooLate) return refused('expired', `its validity ended before ${title} was called`)
  if (error instanceof EndpointNotAllowed) return refused('sender', error.message)
  logger.error({ deliveryId: delivery.id, err: error }, 'delivery.faulted')
  return deferred(
    'fault',
    "something broke in the worker; its log has a line 'delivery.faulted' with this delivery's id",
    { inDoubt: true },
  )
}

/** No content, and nothing that says who the recipient is, not even where the network quotes it. */
function describe(delivery: Delivery, { attempt }: AttemptContext, receipt: Receipt, startedAt: number) {
  const { id: deliveryId, account, sender, recipient, contents, createdAt } = delivery
  return {
    deliveryId,
    account,
    sender,
    attempt,
    ...receipt,
    ...('message' in receipt && { message: hider({ recipient, contents })(receipt.message) }),
    contents: contents.length,
    ageMs: Date.now() - createdAt,
    durationMs: Math.round(performance.now() - startedAt),
  }
}
