import { z } from 'zod'

/** The network took the delivery. That is the last thing most networks ever say: it does not mean a person saw it. */
export const Accepted = z.object({
  outcome: z.literal('accepted'),
  /** The way it went: `reply`, `push` or `send`. */
  via: z.string(),
  /** The network's ids of the messages, in the order of the contents. Opaque: they can exceed 2^53. */
  messageIds: z.array(z.string()),
  /** The network's own id of the call, for its support desk. */
  requestId: z.string().optional(),
  /** False when the network never said so, and all points to it. */
  confirmed: z.literal(false).optional(),
})

/**
 * Why a delivery is put off. `no-answer`: the call was not answered; `unavailable`: the network is in trouble;
 * `throttled`: too many calls; `quota`: the sender's allowance is used up; `paused`: the network holds the sender back for a
 * while; `conversation`: another app or a person has the conversation with the recipient; `fault`: something broke on our side.
 */
export const DeferralReason = z.enum([
  'no-answer',
  'unavailable',
  'throttled',
  'quota',
  'paused',
  'conversation',
  'fault',
])

/**
 * Why a delivery is given up. `sender`: not registered or inactive; `credentials`: the network does not take the sender's;
 * `permission`: the sender may not do this; `recipient`: cannot be reached; `window`: outside the time or policy in which the
 * recipient may be written to; `content`: the network does not take it; `expired`: its validity ended first; `ambiguous`: the
 * network may have taken it, nothing can tell, and another try could write to the person twice; `unreadable`: the job is not in
 * a form known here; `rejected`: refused for another reason.
 */
export const RefusalReason = z.enum([
  'sender',
  'credentials',
  'permission',
  'recipient',
  'window',
  'content',
  'expired',
  'ambiguous',
  'unreadable',
  'rejected',
])

export type Accepted = Readonly<z.infer<typeof Accepted>>
export type DeferralReason = z.infer<typeof DeferralReason>
export type RefusalReason = z.infer<typeof RefusalReason>

/** Not now: the same delivery may be accepted later. `retryAfterMs` is the network's own word on when. */
export type Deferred = {
  readonly outcome: 'deferred'
  readonly reason: DeferralReason
  readonly message: string
  /** Whether the network may have taken the delivery all the same: an answer was lost, or says nothing of it. */
  readonly inDoubt?: boolean | undefined
  readonly retryAfterMs?: number | undefined
  readonly requestId?: string | undefined
}

/** Never: a repeat would be refused again. */
export type Refused = {
  readonly outcome: 'refused'
  readonly reason: RefusalReason
  readonly message: string
  /** Whether the network may have taken it all the same, in an earlier try whose outcome never became known. */
  readonly inDoubt?: boolean | undefined
  readonly requestId?: string | undefined
}

/** What became of one attempt. `message` is for people: it names the network's own words and never holds a secret. */
export type Receipt = Accepted | Deferred | Refused

type Details = { readonly requestId?: string | undefined }

/** The network took it: `via` is the way it went, `messageIds` its ids in the order of the contents. */
export function accepted(
  via: string,
  messageIds: string[],
  details: Details & { readonly confirmed?: false | undefined } = {},
): Accepted {
  return { outcome: 'accepted', via, messageIds, ...details }
}

/** Put off: the retry schedule, or the network's own `retryAfterMs`, says until when. */
export function deferred(
  reason: DeferralReason,
  message: string,
  details: Details & Partial<Pick<Deferred, 'retryAfterMs' | 'inDoubt'>> = {},
): Deferred {
  return { outcome: 'deferred', reason, message, ...details }
}

/** Given up: `message` says what the network, or we, hold against it. */
export function refused(reason: RefusalReason, message: string, details: Details = {}): Refused {
  return { outcome: 'refused', reason, message, ...details }
}
