import type { Answer } from '../call.ts'
import { connectionFaults, type FaultKind, type FaultTable } from '../faults.ts'
import { invalidReplyToken, oauthRefusal, refusal, unauthorized, undeliverable } from './answers.ts'

/** The operations that faults can strike. */
export const lineOperations = ['push', 'reply', 'token', 'quota'] as const

const sending = ['push', 'reply']

function answers(answer: Answer, on: readonly string[] = sending): FaultKind {
  return { on, effect: () => ({ accepts: false, outcome: answer }) }
}

/** How LINE fails: https://developers.line.biz/en/reference/messaging-api/#error-messages */
export const lineFaults: FaultTable = {
  ...connectionFaults(sending),
  'rate-limit': answers(refusal(429, 'The API rate limit has been exceeded. Try again later.')),
  'monthly-limit': answers(refusal(429, 'You have reached your monthly limit.')),
  // Documented as a reason for 429, but not in which words.
  'same-user-limit': answers(refusal(429, 'Too many messages have been sent to the same user.')),
  'server-error': answers(refusal(500, 'Internal Server Error')),
  unauthorized: answers(unauthorized),
  forbidden: answers(refusal(403, 'Access to this API is not available for your account')),
  'unknown-recipient': answers(undeliverable, ['push']),
  'invalid-reply-token': answers(invalidReplyToken, ['reply']),
  'invalid-client': answers(oauthRefusal('invalid_client', 'Invalid client_id or client_secret'), ['token']),
}
