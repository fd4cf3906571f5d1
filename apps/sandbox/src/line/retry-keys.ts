import type { Answer } from '../call.ts'
import { ExpiringMap } from '../expiring-map.ts'
import { type AcceptedRequest, toSentMessages } from './sent-messages.ts'

/** https://developers.line.biz/en/docs/messaging-api/retrying-api-request/ */
const memoryMs = 24 * 60 * 60 * 1000

/** The retry keys of accepted requests, for 24 hours. What was not accepted leaves its key free. */
export class RetryKeys {
  readonly #accepted: ExpiringMap<AcceptedRequest>

  /** The newest `max` are remembered at least. */
  constructor(now: () => number, max: number) {
    this.#accepted = new ExpiringMap(now, max)
  }

  accept(channelId: string, retryKey: string, request: AcceptedRequest): void {
    this.#accepted.set(toName(channelId, retryKey), request, memoryMs)
  }

  /** The answer to a request whose key has been accepted before. */
  conflict(channelId: string, retryKey: string): Answer | undefined {
    const earlier = this.#accepted.get(toName(channelId, retryKey))
    return (
      earlier && {
        status: 409,
        headers: { 'x-line-accepted-request-id': earlier.requestId },
        body: { message: 'The retry key is already accepted', sentMessages: toSentMessages(earlier) },
      }
    )
  }
}

/** A hexadecimal UUID of any version. */
export function isRetryKey(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
}

function toName(channelId: string, retryKey: string): string {
  return `${channelId} ${retryKey.toLowerCase()}`
}
