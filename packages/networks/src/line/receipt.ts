import { accepted, type Answer, deferred, type Receipt, type RefusalReason, refused } from '@ott/delivery'
import { z } from 'zod'

import { inDoubt } from '../doubt.ts'
import { retryAfterMs } from '../retry-after.ts'

/** Only what is used of https://developers.line.biz/en/reference/messaging-api/#send-push-message-response */
const Sent = z.object({ sentMessages: z.array(z.object({ id: z.string() })) })

/** https://developers.line.biz/en/reference/messaging-api/#get-quota */
const Quota = z.object({ type: z.string() })

/** https://developers.line.biz/en/reference/messaging-api/#error-responses; the token endpoint says `error_description`. */
const Failure = z.object({
  message: z.string().optional(),
  error_description: z.string().optional(),
  details: z.array(z.object({ message: z.string().optional(), property: z.string().optional() })).optional(),
})

/** What a status means where the message says nothing more: https://developers.line.biz/en/reference/messaging-api/#status-codes */
const refusals: ReadonlyMap<number, RefusalReason> = new Map([
  [400, 'content'],
  [401, 'credentials'],
  [403, 'permission'],
  // Nothing is at the path: the endpoint that was registered is not the API's.
  [404, 'sender'],
  [413, 'content'],
  [415, 'content'],
])

/** Bad recipients come as 400 like bad contents, told apart by their wording alone. */
const aboutRecipient = /^Failed to send messages|^The property, 'to',/

/** The allowance may come back by itself: LINE reserves it while a large send is in progress. Asked again hourly. */
const quotaWaitMs = 60 * 60 * 1000

/** The one 400 after which the recipient may still be reached by push: nothing was sent, whatever the token had become. */
export function isInvalidReplyToken({ status, body }: Answer): boolean {
  return status === 400 && Failure.safeParse(body).data?.message === 'Invalid reply token'
}

/** LINE may have sent what it was asked to, and lost its way afterwards. */
export function leavesOpen({ status }: Answer): boolean {
  return status >= 500
}

/** Whether the same call should fare better within seconds: LINE has not said itself that it takes longer. */
export function isPassing(answer: Answer): boolean {
  return leavesOpen(answer) && retryAfterMs(answer) === undefined
}

/** What LINE's answer to a reply or a push means for the delivery. */
export function toReceipt(via: 'reply' | 'push', answer: Answer): Receipt {
  const receipt = fromAnswer(via, answer)
  return answer.afterDoubt || leavesOpen(answer) ? inDoubt(receipt) : receipt
}

function fromAnswer(via: 'reply' | 'push', answer: Answer): Receipt {
  const { status } = answer
  const requestId = header(answer, 'x-line-request-id')
  // 409 answers a retry key that LINE has already honoured: an earlier attempt got through, and these are its ids.
  if (via === 'push' && status === 409)
    return accepted(via, messageIds(answer), { requestId: header(answer, 'x-line-accepted-request-id') ?? requestId })
  // Any 2xx is an acceptance, even with a body that says nothing: a repeat would write to the person twice.
  if (status >= 200 && status < 300) return accepted(via, messageIds(answer), { requestId })
  return toFailure(answer, requestId)
}

/** What LINE's answer to a read of the quota says about the channel's credentials. */
export function toCheckReceipt(answer: Answer): Receipt {
  const requestId = header(answer, 'x-line-request-id')
  if (answer.status !== 200) return toFailure(answer, requestId)
  if (Quota.safeParse(answer.body).success) return accepted('check', [], { requestId })
  return refused('rejected', 'What answers at the endpoint URL is not LINE: it answered 200 without a quota')
}

/** What an answer that is no success means, whatever was asked for. */
export function toFailure(answer: Answer, requestId?: string): Receipt {
  const { status } = answer
  const wording = describe(answer)
  const message = `LINE answered ${status}${wording === '' ? '' : `: ${wording}`}`
  if (status === 429)
    return /monthly limit/i.test(wording)
      ? deferred('quota', message, { requestId, retryAfterMs: retryAfterMs(answer) ?? quotaWaitMs })
      : deferred('throttled', message, { requestId, retryAfterMs: retryAfterMs(answer) })
  if (status >= 500) return deferred('unavailable', message, { requestId, retryAfterMs: retryAfterMs(answer) })
  if (status === 400 && aboutRecipient.test(wording)) return refused('recipient', message, { requestId })
  return refused(refusals.get(status) ?? 'rejected', message, { requestId })
}

function messageIds({ body }: Answer): string[] {
  return Sent.safeParse(body).data?.sentMessages.map(({ id }) => id) ?? []
}

function describe({ body }: Answer): string {
  const failure = Failure.safeParse(body).data
  const details = failure?.details?.map(({ property, message }) => [property, message].filter(Boolean).join(': ')) ?? []
  const summary = failure?.message ?? failure?.error_description ?? ''
  return details.length === 0 ? summary : `${summary} (${details.join('; ')})`
}

function header({ headers }: Answer, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}
