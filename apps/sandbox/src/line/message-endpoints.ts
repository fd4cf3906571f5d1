import { z } from 'zod'

import type { Answer } from '../call.ts'
import type { Ledger, LedgerEntry } from '../ledger.ts'
import { invalidBody, invalidReplyToken, refusal } from './answers.ts'
import { textOf } from './body.ts'
import type { Endpoint, Request } from './endpoint.ts'
import { Message } from './message-rules.ts'
import type { ReplyTokens } from './reply-tokens.ts'
import { isRetryKey, type RetryKeys } from './retry-keys.ts'
import { list, wording } from './rules.ts'
import { type AcceptedRequest, makeNextId, toSentMessages } from './sent-messages.ts'

const Messages = z.looseObject({ messages: list(Message, 1, 5) })
const Sending = Messages.extend({ notificationDisabled: z.boolean().nullish() })
const Reply = Sending.extend({ replyToken: z.string().min(1) })
const Push = Sending.extend({
  to: z.string().regex(/^[UCR][0-9a-f]{32}$/),
  customAggregationUnits: list(z.string().regex(/^\w{1,30}$/, 'Must be a valid unit name'), 0, 1).nullish(),
})

/** Takes a request into the ledger. */
type Accept = (
  request: Request,
  via: LedgerEntry['via'],
  recipient: string,
  sending: z.infer<typeof Sending>,
) => AcceptedRequest

/** `pushes` is how many each channel has made: replies cost it nothing. */
export function makeAccept(ledger: Ledger, pushes: Map<string, number>, now: () => number): Accept {
  const nextId = makeNextId(now)
  return ({ sender, requestId, retryKey, mark }, via, recipient, { messages, notificationDisabled }) => {
    if (via === 'push') pushes.set(sender, (pushes.get(sender) ?? 0) + 1)
    const entry = {
      network: 'line',
      sender,
      recipient,
      via,
      messages,
      messageIds: messages.map(nextId),
      requestId,
      retryKey,
      mark,
      notificationDisabled: notificationDisabled ?? undefined,
      at: now(),
    } as const
    ledger.add(entry)
    return entry
  }
}

/** https://developers.line.biz/en/reference/messaging-api/#send-push-message */
export function push(accept: Accept, retryKeys: RetryKeys): Endpoint {
  return {
    method: 'POST',
    operation: 'push',
    takesRetryKey: true,
    recipientOf: (body) => textOf(body, 'to'),
    answer: (request) => {
      const { sender, retryKey } = request
      if (retryKey !== undefined && !isRetryKey(retryKey)) return refusal(400, 'The retry key must be a UUID')
      const conflict = retryKey === undefined ? undefined : retryKeys.conflict(sender, retryKey)
      if (conflict !== undefined) return conflict
      const read = Push.safeParse(request.body, { error: wording })
      if (!read.success) return invalidBody(read.error.issues)
      const accepted = accept(request, 'push', read.data.to, read.data)
      if (retryKey !== undefined) retryKeys.accept(sender, retryKey, accepted)
      return sent(accepted)
    },
  }
}

/** https://developers.line.biz/en/reference/messaging-api/#send-reply-message */
export function reply(accept: Accept, replyTokens: ReplyTokens): Endpoint {
  return {
    method: 'POST',
    operation: 'reply',
    recipientOf: (body) => replyTokens.userOf(textOf(body, 'replyToken') ?? ''),
    markOf: (body) => replyTokens.markOf(textOf(body, 'replyToken') ?? ''),
    answer: (request) => {
      const read = Reply.safeParse(request.body, { error: wording })
      if (!read.success) return invalidBody(read.error.issues)
      const recipient = replyTokens.use(read.data.replyToken)
      if (recipient === undefined) return invalidReplyToken
      return sent(accept(request, 'reply', recipient, read.data))
    },
  }
}

/** https://developers.line.biz/en/reference/messaging-api/#validate-message-objects-of-push-message */
export function validate(operation: string): Endpoint {
  return {
    method: 'POST',
    operation,
    answer: ({ body }) => {
      const read = Messages.safeParse(body, { error: wording })
      return read.success ? { status: 200, body: {} } : invalidBody(read.error.issues)
    },
  }
}

function sent(request: AcceptedRequest): Answer {
  return { status: 200, body: { sentMessages: toSentMessages(request) } }
}
