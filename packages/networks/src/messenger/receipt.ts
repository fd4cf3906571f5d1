import { accepted, type Answer, type Receipt, refused } from '@ott/delivery'
import { z } from 'zod'

import { inDoubt } from '../doubt.ts'
import { parseJson } from '../json.ts'
import { retryAfterMs } from '../retry-after.ts'
import { leftOpen, throttled, verdictOn } from './error-codes.ts'

/** Only what is used of https://developers.facebook.com/docs/messenger-platform/reference/send-api#response */
const Sent = z.object({ message_id: z.string() })

/** https://developers.facebook.com/docs/graph-api/overview#me */
const Identity = z.object({ id: z.string() })

/** https://developers.facebook.com/docs/graph-api/guides/error-handling; `is_transient` is undocumented and means it when true. */
const GraphError = z.object({
  error: z.object({
    message: z.string().default(''),
    code: z.number(),
    error_subcode: z.number().optional(),
    is_transient: z.boolean().optional(),
    fbtrace_id: z.string().optional(),
  }),
})

/** Each object that was counted, by id: https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
const BusinessUsage = z.record(
  z.string(),
  z.array(z.object({ estimated_time_to_regain_access: z.number().optional() })),
)

/** What Messenger's answer means for the delivery. An error may come with any status, 200 included. */
export function toReceipt(answer: Answer): Receipt {
  const receipt = fromAnswer(answer)
  return answer.afterDoubt ? inDoubt(receipt) : receipt
}

function fromAnswer(answer: Answer): Receipt {
  const failure = toGraphError(answer.body)
  if (failure === undefined) return toReceiptByStatus(answer)
  const { code, error_subcode: subcode, is_transient: transient = false, fbtrace_id: requestId } = failure
  const name = subcode === undefined ? `${code}` : `${code}/${subcode}`
  const fault = { message: `Messenger error ${name}: ${failure.message}`, requestId, ...whenAgain(answer) }
  return verdictOn({ code, subcode, transient })(fault)
}

/** Each answer is asked three times, and nearly none holds an error: a parse that fails is what costs most (2.7 µs). */
function toGraphError(body: unknown): z.infer<typeof GraphError>['error'] | undefined {
  const mayBeOne = typeof body === 'object' && body !== null && 'error' in body
  return mayBeOne ? GraphError.safeParse(body).data?.error : undefined
}

/** What Graph's answer about the owner of a Page's token says about the Page's credentials. */
export function toCheckReceipt(answer: Answer, pageId: string): Receipt {
  const receipt = toReceipt(answer)
  if (receipt.outcome !== 'accepted') return receipt
  const owner = Identity.safeParse(answer.body).data?.id
  if (owner === pageId) return accepted('check', [])
  if (owner !== undefined)
    return refused('credentials', `The page access token is not this Page's: it belongs to ${owner}`)
  return refused(
    'rejected',
    `What answers at the endpoint URL is not Graph: it answered ${answer.status} without an id`,
  )
}

/** Whether the same call should fare better within seconds: Messenger has not said itself that it takes longer. */
export function isPassing(answer: Answer): boolean {
  const receipt = toReceipt(answer)
  return receipt.outcome === 'deferred' && receipt.reason === 'unavailable' && receipt.retryAfterMs === undefined
}

/** Whether the call may have been acted on all the same. */
export function leavesOpen(answer: Answer): boolean {
  const receipt = fromAnswer(answer)
  return receipt.outcome === 'deferred' && receipt.inDoubt === true
}

function toReceiptByStatus(answer: Answer): Receipt {
  const { status, body } = answer
  // Any 2xx is an acceptance, even with a body that says nothing: a repeat would write to the person twice.
  if (status >= 200 && status < 300) {
    const sent = Sent.safeParse(body).data
    return accepted('send', sent === undefined ? [] : [sent.message_id])
  }
  const fault = { message: `Messenger answered ${status}`, requestId: undefined, ...whenAgain(answer) }
  if (status === 429) return throttled(fault)
  if (status >= 500) return leftOpen(fault)
  return refused(status === 401 ? 'credentials' : 'rejected', fault.message)
}

/** Messenger's own word on when to come back, in milliseconds. */
function whenAgain(answer: Answer) {
  const retryAfter = retryAfterMs(answer)
  return { retryAfterMs: retryAfter, regainMs: regainMs(answer) ?? retryAfter }
}

/** When calls are taken again, where the usage header says; the header counts in minutes. */
function regainMs({ headers }: Answer): number | undefined {
  const header = headers['x-business-use-case-usage']
  if (typeof header !== 'string') return undefined
  const usage = BusinessUsage.safeParse(parseJson(header)).data ?? {}
  const minutes = Object.values(usage)
    .flat()
    .map((counted) => counted.estimated_time_to_regain_access ?? 0)
  const longest = Math.max(0, ...minutes)
  return longest > 0 ? longest * 60_000 : undefined
}
