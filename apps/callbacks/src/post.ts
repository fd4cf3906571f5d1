import { type Answer, EndpointNotAllowed, type Exchange, NoAnswer } from '@ott/delivery'
import { retryAfterMs } from '@ott/networks'
import type { Told } from '@ott/queue'

/** What came of a POST; `status` is there when it was answered. */
export type Posted = { readonly told: Told; readonly status?: number }

/** Where to, and what. */
export type Posting = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}

/** Makes one POST to an endpoint that may be anybody's: an answer other than 2xx, or none in time, has not arrived. */
export async function post(exchange: Exchange, { url, headers, body, timeoutMs }: Posting): Promise<Posted> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return toPosted(
      await exchange({ method: 'POST', url, headers, body, signal, repeatable: false, passing: () => false }),
    )
  } catch (error) {
    if (signal.aborted) return { told: { outcome: 'failed', message: `no answer within ${timeoutMs} ms` } }
    if (error instanceof NoAnswer || error instanceof EndpointNotAllowed)
      return { told: { outcome: 'failed', message: error.message } }
    throw error
  }
}

function toPosted(answer: Answer): Posted {
  const { status } = answer
  const message = `answered ${status}`
  if (status >= 200 && status <= 299) return { told: { outcome: 'arrived', message }, status }
  return { told: { outcome: 'failed', message, retryAfterMs: retryAfterMs(answer) }, status }
}
