import { accepted, deferred, type DeferralReason, type Receipt, type RefusalReason, refused } from '@ott/delivery'

import { inDoubt } from '../doubt.ts'

/** What is known of an error when its code is looked up: our sentence on it, and Meta's word on when to come back. */
type Fault = {
  readonly message: string
  readonly requestId: string | undefined
  /** Of a throttle. */
  readonly regainMs: number | undefined
  /** Of anything that passes. */
  readonly retryAfterMs: number | undefined
}

type Verdict = (fault: Fault) => Receipt

/** A Page that Meta holds back, or a conversation that someone else has: asked again after so long. */
const pauseMs = 60 * 60 * 1000
const conversationMs = 5 * 60 * 1000

/** Too many calls. */
export const throttled: Verdict = ({ message, requestId, regainMs }) =>
  deferred('throttled', message, { requestId, retryAfterMs: regainMs })

/** Meta counts this an error although "messages were in fact sent". */
const sentAfterAll: Verdict = ({ requestId }) => accepted('send', [], { requestId })

/** Should pass by itself soon. */
const unavailable: Verdict = ({ message, requestId, retryAfterMs }) =>
  deferred('unavailable', message, { requestId, retryAfterMs })

/** Like the last, but the message may have been sent: Meta itself does not know, or does not say. */
export const leftOpen: Verdict = (fault) => inDoubt(unavailable(fault))

function deferredFor(reason: DeferralReason, retryAfterMs: number): Verdict {
  return ({ message, requestId }) => deferred(reason, message, { requestId, retryAfterMs })
}

function refusedAs(reason: RefusalReason): Verdict {
  return ({ message, requestId }) => refused(reason, message, { requestId })
}

const content = refusedAs('content')
const credentials = refusedAs('credentials')
const permission = refusedAs('permission')
const recipient = refusedAs('recipient')
const window = refusedAs('window')

/**
 * Error codes, with their subcodes where those mean something else, in the order of Meta's page:
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes, and for the general codes
 * https://developers.facebook.com/docs/graph-api/guides/error-handling. The HTTP status is no guide: code 2 comes with 400.
 */
const verdicts: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  // "An unknown error occurred"; with the subcode below it is known to come after messages that were sent.
  ['1', leftOpen],
  ['1/99', permission],
  ['1/1357046', sentAfterAll],
  ['2', unavailable],
  ['2/2018344', permission],
  ['3', permission],
  ['4', throttled],
  ['4/2018354', window],
  ['9/2018352', throttled],
  ['10', permission],
  ['10/2018278', window],
  ['10/2534022', window],
  ['10/2018065', window],
  ['10/2018108', recipient],
  ['10/1893063', deferredFor('paused', pauseMs)],
  ['10/1893015', recipient],
  ['17', throttled],
  ['32', throttled],
  ['341', throttled],
  ['100', content],
  ['100/33', permission],
  ['100/2018001', recipient],
  ['100/2018008', unavailable],
  ['100/2018294', unavailable],
  ['100/2534014', recipient],
  ['100/2534029', recipient],
  ['100/2534037', permission],
  ['102', credentials],
  ['190', credentials],
  ['200', permission],
  ['200/1545041', recipient],
  ['200/2018021', recipient],
  ['230', credentials],
  ['368', deferredFor('paused', pauseMs)],
  ['506', content],
  ['551', recipient],
  ['613', throttled],
  ['613/1893016', window],
  ['613/2018338', window],
  ['1200', unavailable],
  ['2022', permission],
  ['1545041', window],
  ['1609005', content],
  ['2018300', deferredFor('conversation', conversationMs)],
  ['2018321', deferredFor('conversation', conversationMs)],
  ['80001', throttled],
  ['80002', throttled],
  ['80006', throttled],
])

/** What says more of an error that will pass than that it will. */
const passing = new Set<Verdict | undefined>([leftOpen, throttled])

/** The code and subcode of an error, and whether Meta itself says that it will pass. */
export type ErrorCode = { readonly code: number; readonly subcode: number | undefined; readonly transient: boolean }

/** The subcode decides where it is known, then Meta's own word that it will pass, then the code. */
export function verdictOn({ code, subcode, transient }: ErrorCode): Verdict {
  const bySubcode = subcode === undefined ? undefined : verdicts.get(`${code}/${subcode}`)
  if (bySubcode !== undefined) return bySubcode
  const byCode = verdicts.get(`${code}`)
  return transient && !passing.has(byCode) ? unavailable : (byCode ?? refusedAs('rejected'))
}
