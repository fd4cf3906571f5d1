import { type Answer, type Call, type Delivery, type NetworkAttempt, type Receipt, refused } from '@ott/delivery'

import { rememberingDoubt } from '../doubt.ts'
import { messageHeaders, type OpenChannel, toBody } from './channel.ts'
import { isPassing, leavesOpen, toReceipt } from './receipt.ts'

/**
 * LINE takes the same retry key once, and forgets it 24 hours after the first call:
 * https://developers.line.biz/en/docs/messaging-api/retrying-api-request/. The margin is for clocks that differ, and for the
 * repeats within an attempt.
 */
const keyKnownMs = (24 * 60 - 15) * 60_000

/** Pushes to the recipient's id. However often it is done within the life of the retry key, the person is written to once. */
export type Push = (delivery: Delivery, attempt: NetworkAttempt) => Promise<Receipt>

export function makePush(channel: OpenChannel): Push {
  return (delivery, attempt) => {
    const { doubtfulSince } = attempt.earlier
    if (doubtfulSince !== undefined && Date.now() - doubtfulSince >= keyKnownMs) return Promise.resolve(tooLateToRepeat)
    const exchange = rememberingDoubt(channel.exchange)
    const body = toBody({ to: delivery.recipient.id }, delivery)

    return channel.withToken(attempt.signal, (token) =>
      exchange(pushCall(channel.messageUrl, body, token, delivery.id, attempt)).then(toPushReceipt),
    )
  }
}

const tooLateToRepeat = refused(
  'ambiguous',
  'LINE may have taken an earlier push. Within 24 hours it would say so, and not push again; these are over',
)

function toPushReceipt(answer: Answer): Receipt {
  return toReceipt('push', answer)
}

/**
 * https://developers.line.biz/en/reference/messaging-api/#send-push-message. The retry key goes with the first call already,
 * and with the same body each time, to the letter.
 */
function pushCall(messageUrl: string, body: string, token: string, retryKey: string, attempt: NetworkAttempt): Call {
  return {
    method: 'POST',
    url: `${messageUrl}/push`,
    headers: { ...messageHeaders(token), 'x-line-retry-key': retryKey },
    body,
    signal: attempt.signal,
    notAfter: attempt.notAfter,
    repeatable: true,
    passing: isPassing,
    leavesOpen,
  }
}
