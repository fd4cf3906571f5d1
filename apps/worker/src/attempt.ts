import {
  deferred,
  type Delivery,
  EndpointNotAllowed,
  type NetworkDefinition,
  NoAnswer,
  noEarlier,
  type Receipt,
  refused,
  type Sender,
  hider,
} from '@ott/delivery'
import { type Attempt, type AttemptNumber, CannotAttempt } from '@ott/queue'
import { UnknownKey } from '@ott/registry'
import type { Logger } from '@ott/runtime'

import type { OpenNetwork } from './open-network.ts'

/** The sender as last registered. Rejects with UnknownKey when its secrets cannot be opened here. */
export type FindSender = (account: string, id: string) => Promise<Sender | undefined>

/**
 * One attempt at a delivery: find the sender, open the network for it, deliver, and say in one line what came of it. What
 * breaks on our side is a deferral like any other, so that it is tried again and seen; only a worker that lacks the key to the
 * sender's secrets throws, CannotAttempt.
 */
export function makeAttempt(
  { title }: Pick<NetworkDefinition, 'title'>,
  findSender: FindSender,
  open: OpenNetwork,
  logger: Logger,
): Attempt {
  async function deliver(delivery: Delivery, signal: AbortSignal): Promise<Receipt> {
    const sender = await findSender(delivery.account, delivery.sender)
    if (!sender?.active) return refused('sender', `the sender is not registered for ${title}, or not active`)
    const network = open(sender)
    return 'outcome' in network
      ? network
      : network.deliver(delivery, { signal, earlier: noEarlier, record: async () => undefined })
  }

  function fromError(error: unknown, delivery: Delivery, signal: AbortSignal): Receipt {
    // What is wrong is this worker's configuration, and the delivery shall not suffer for it.
    if (error instanceof UnknownKey) throw new CannotAttempt(error.message, { cause: error })
    if (signal.aborted) return deferred('no-answer', `the worker was stopped before ${title} answered`)
    if (error instanceof NoAnswer) return deferred('no-answer', error.message)
    if (error instanceof EndpointNotAllowed) return refused('sender', error.message)
    logger.error({ deliveryId: delivery.id, err: error }, 'delivery.faulted')
    return deferred(
      'fault',
      "something broke in the worker; its log has a line 'delivery.faulted' with this delivery's id",
    )
  }

  return async (delivery, number, signal) => {
    const startedAt = performance.now()
    const receipt = await deliver(delivery, signal).catch((error: unknown) => fromError(error, delivery, signal))
    logger.info(
      { ...describe(delivery, number, receipt), durationMs: Math.round(performance.now() - startedAt) },
      'delivery.attempted',
    )
    return receipt
  }
}

/** No content, and nothing that says who the recipient is, not even where the network quotes it. */
function describe(delivery: Delivery, number: AttemptNumber, receipt: Receipt) {
  const { id: deliveryId, account, sender, recipient, contents, createdAt } = delivery
  return {
    deliveryId,
    account,
    sender,
    ...number,
    ...receipt,
    ...('message' in receipt && { message: hider({ recipient, contents })(receipt.message) }),
    contents: contents.length,
    ageMs: Date.now() - createdAt,
  }
}
