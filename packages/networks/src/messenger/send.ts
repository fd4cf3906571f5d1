import {
  type Answer,
  type Delivery,
  type Exchange,
  NoAnswer,
  type NetworkAttempt,
  type Receipt,
  refused,
} from '@ott/delivery'

import { toBody } from './message.ts'
import { isPassing, leavesOpen, toReceipt } from './receipt.ts'

/**
 * What to do about a send whose outcome never became known: try again, so that the person is written to at least once, or end
 * in an error, so that it is at most once. The first holds where a Page says nothing.
 */
export const unknownOutcomes = ['retry', 'error'] as const

/** A Page as its sends see it. `url` and `headers` prove who calls. */
export type OpenPage = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly exchange: Exchange
}

/** Sends a delivery; rejects as {@link Exchange} does. */
export type Send = (delivery: Delivery, attempt: NetworkAttempt) => Promise<Receipt>

/** The Send API has no idempotency key: another try after a lost answer may write to the person twice. */
export function makeSend(page: OpenPage, unknownOutcome: (typeof unknownOutcomes)[number]): Send {
  return unknownOutcome === 'retry' ? atLeastOnce(page) : atMostOnce(page)
}

function atLeastOnce(page: OpenPage): Send {
  return async (delivery, attempt) => toReceipt(await page.exchange(toCall(page, delivery, attempt, isPassing)))
}

function atMostOnce(page: OpenPage): Send {
  return async (delivery, attempt) => {
    if (attempt.earlier.inDoubt) return ambiguous('an earlier attempt was left without a clear answer')
    await attempt.record('send')
    try {
      const answer = await page.exchange(toCall(page, delivery, attempt, isPassingForSure))
      const receipt = toReceipt(answer)
      return receipt.outcome === 'deferred' && receipt.inDoubt ? ambiguous(receipt.message) : receipt
    } catch (error) {
      if (error instanceof NoAnswer && error.reached) return ambiguous(error.message)
      throw error
    }
  }
}

function isPassingForSure(answer: Answer): boolean {
  return isPassing(answer) && !leavesOpen(answer)
}

function ambiguous(why: string): Receipt {
  return refused('ambiguous', `Messenger may have sent the message, and is not asked twice: ${why}`)
}

function toCall(
  { url, headers }: OpenPage,
  delivery: Delivery,
  { signal, notAfter }: NetworkAttempt,
  passing: (answer: Answer) => boolean,
) {
  const body = JSON.stringify(toBody(delivery))
  // Without an answer it may have been taken, and is not made again within the attempt.
  return { method: 'POST', url, headers, body, signal, notAfter, repeatable: false, passing, leavesOpen } as const
}
