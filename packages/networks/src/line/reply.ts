import {
  accepted,
  type Call,
  type Delivery,
  type Earlier,
  type NetworkAttempt,
  type Receipt,
  refused,
} from '@ott/delivery'

import { rememberingDoubt } from '../doubt.ts'
import { messageHeaders, type OpenChannel, toBody } from './channel.ts'
import { isInvalidReplyToken, isPassing, leavesOpen, toReceipt } from './receipt.ts'

/** After it LINE promises nothing: https://developers.line.biz/en/reference/messaging-api/#send-reply-message */
const tokenLifetimeMs = 60_000

/**
 * What to make of a reply token that LINE no longer takes within its lifetime, when the reply before may have used it up: that
 * it did, or that nobody can tell. The first holds where a channel says nothing. After its lifetime nobody can tell, ever.
 */
export const unconfirmedReplies = ['sent', 'error'] as const
export type UnconfirmedReply = (typeof unconfirmedReplies)[number]

/** Replies with the delivery's token; `undefined` when LINE has definitely sent nothing and the token is of no more use. */
export type Reply = (delivery: Delivery, replyToken: string, attempt: NetworkAttempt) => Promise<Receipt | undefined>

/** Whether a reply is the way to go: the token can still be good, or a reply with it is all that tells what became of the last. */
export function mayReply({ createdAt }: Delivery, earlier: Earlier): boolean {
  if (earlier.recorded === 'push') return false
  // No reply goes unrecorded: what was left open without a record was a push.
  if (earlier.inDoubt) return earlier.recorded === 'reply'
  return isYoung({ createdAt })
}

/** The person wrote before the delivery was asked for, so that its token is at least as old. */
function isYoung({ createdAt }: Pick<Delivery, 'createdAt'>): boolean {
  return Date.now() - createdAt < tokenLifetimeMs
}

export function makeReply(channel: OpenChannel, unconfirmed: UnconfirmedReply): Reply {
  return (delivery, replyToken, attempt) => {
    const exchange = rememberingDoubt(channel.exchange)
    const body = toBody({ replyToken }, delivery)

    return channel.withToken(attempt.signal, async (token) => {
      await attempt.record('reply')
      const answer = await exchange(replyCall(channel.messageUrl, body, token, attempt))
      if (!isInvalidReplyToken(answer)) return toReceipt('reply', answer)
      if (!answer.afterDoubt && !attempt.earlier.inDoubt) return undefined
      return unconfirmed === 'sent' && isYoung(delivery) ? accepted('reply', [], { confirmed: false }) : ambiguous
    })
  }
}

/** A retry key is refused here. The token serves instead: it is good for one reply, so that no repeat writes to the person twice. */
function replyCall(messageUrl: string, body: string, token: string, { signal, notAfter }: NetworkAttempt): Call {
  return {
    method: 'POST',
    url: `${messageUrl}/reply`,
    headers: messageHeaders(token),
    body,
    signal,
    notAfter,
    repeatable: true,
    passing: isPassing,
    leavesOpen,
  }
}

const ambiguous = refused(
  'ambiguous',
  'an earlier reply was left without a clear answer, and LINE no longer takes its token: that reply may have used it up',
)
