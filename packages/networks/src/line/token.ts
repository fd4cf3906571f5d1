import { type Answer, type Call, deferred, type Exchange, NoAnswer, type Receipt } from '@ott/delivery'
import { z } from 'zod'

import { inDoubt } from '../doubt.ts'
import type { WithToken } from './channel.ts'
import { isPassing, toFailure } from './receipt.ts'

/** A token this close to its end may be refused by the time a call arrives with it. */
const marginMs = 60_000

/** https://developers.line.biz/en/reference/messaging-api/#issue-stateless-channel-access-token */
const Issued = z.object({ access_token: z.string().min(1), expires_in: z.number() })

type Issue = { readonly token: string } | { readonly receipt: Receipt }

/** One channel's access token, kept until shortly before it expires, and renewed once when LINE no longer takes it. */
export type ChannelTokens = {
  /** What comes of a use of the token; the token endpoint's own failure where it issues none. */
  readonly use: WithToken
}

export type Channel = { readonly channelId: string; readonly channelSecret: string }

/** Issues stateless tokens, made for this use: any number may be out, each for 15 minutes. */
export function channelTokens(channel: Channel, url: string, exchange: Exchange, now = Date.now): ChannelTokens {
  let held: { readonly token: string; readonly usableUntil: number } | undefined
  let issuing: Promise<Issue> | undefined

  async function issue(signal: AbortSignal): Promise<Issue> {
    const askedAt = now()
    const answer = await exchange(tokenCall(channel, url, signal)).catch(toUnanswered)
    if ('receipt' in answer) return answer
    const issued = answer.status === 200 ? Issued.safeParse(answer.body).data : undefined
    if (issued === undefined) return { receipt: toTokenFailure(answer) }
    held = { token: issued.access_token, usableUntil: askedAt + issued.expires_in * 1000 - marginMs }
    return { token: held.token }
  }

  /** At once where one is held, as for nearly every delivery. */
  function current(signal: AbortSignal): Issue | Promise<Issue> {
    if (held !== undefined && now() < held.usableUntil) return held
    // One request however many deliveries wait for it.
    if (issuing === undefined) return (issuing = issue(signal).finally(() => (issuing = undefined)))
    return issuing.catch(() => {
      // Whoever asked was stopped; who waited along was not.
      signal.throwIfAborted()
      return current(signal)
    })
  }

  return {
    use: async (signal, deliver) => {
      const known = current(signal)
      const first = known instanceof Promise ? await known : known
      if ('receipt' in first) return first.receipt
      const receipt = await deliver(first.token)
      if (receipt?.outcome !== 'refused' || receipt.reason !== 'credentials') return receipt
      // Others may have learnt the same and have a new one already.
      if (held?.token === first.token) held = undefined
      const renewed = await current(signal)
      if ('token' in renewed) return deliver(renewed.token)
      return receipt.inDoubt ? inDoubt(renewed.receipt) : renewed.receipt
    },
  }
}

function tokenCall({ channelId, channelSecret }: Channel, url: string, signal: AbortSignal): Call {
  const form = { grant_type: 'client_credentials', client_id: channelId, client_secret: channelSecret }
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    signal,
    operation: 'token',
    repeatable: true,
    passing: isPassing,
  }
}

/** Nothing was sent yet: this is no doubt about the delivery, whatever became of the request for a token. */
function toUnanswered(error: unknown): { readonly receipt: Receipt } {
  if (error instanceof NoAnswer) return { receipt: deferred('no-answer', error.message) }
  throw error
}

/** Here a 400 is about the channel's id and secret, which is all that the request says. */
function toTokenFailure(answer: Answer): Receipt {
  if (answer.status === 200) return deferred('unavailable', 'LINE issued no access token, though it answered 200')
  return toFailure(answer.status === 400 ? { ...answer, status: 401 } : answer)
}
