import { randomUUID } from 'node:crypto'

import type { Answer, Call, Handler, Outcome } from '../call.ts'
import type { CarryOut } from '../carry-out.ts'
import type { Ledger } from '../ledger.ts'
import type { DeclaredSenders } from '../senders.ts'
import { refusal } from './answers.ts'
import { ChannelTokens } from './channel-tokens.ts'
import { type Endpoint, makeAnswerCall } from './endpoint.ts'
import { makeAccept, push, reply, validate } from './message-endpoints.ts'
import { consumption, quota } from './quota.ts'
import type { ReplyTokens } from './reply-tokens.ts'
import { RetryKeys } from './retry-keys.ts'
import { makeTokenEndpoint } from './token-endpoint.ts'

export type LineParts = {
  readonly senders: DeclaredSenders
  readonly replyTokens: ReplyTokens
  readonly ledger: Ledger
  readonly carryOut: CarryOut
  readonly now: () => number
  readonly retryKeysMax: number
}

type Route = {
  readonly method: string
  readonly answer: (call: Call, requestId: string) => Outcome | Promise<Outcome>
}

/** LINE's Messaging API, as far as it sends messages: https://developers.line.biz/en/reference/messaging-api/ */
export function createLine(parts: LineParts): Handler {
  const routes = makeRoutes(parts)

  return async (call) => {
    const requestId = randomUUID()
    const route = routes.get(call.path)
    const outcome = await (route?.method === call.method
      ? route.answer(call, requestId)
      : parts.carryOut({ network: 'line', operation: 'unknown', requestId }, () => noSuchCall(route)))
    if (outcome === 'cut') return outcome
    return { ...outcome, headers: { ...outcome.headers, 'x-line-request-id': requestId } }
  }
}

function makeRoutes({ senders, replyTokens, ledger, carryOut, now, retryKeysMax }: LineParts): Map<string, Route> {
  const tokens = new ChannelTokens(now)
  const retryKeys = new RetryKeys(now, retryKeysMax)
  const pushes = new Map<string, number>()
  const accept = makeAccept(ledger, pushes, now)
  const answerCall = makeAnswerCall(tokens, carryOut)

  const route = (endpoint: Endpoint): Route => ({
    method: endpoint.method,
    answer: (call, requestId) => answerCall(endpoint, call, requestId),
  })
  return new Map<string, Route>([
    ['/oauth2/v3/token', { method: 'POST', answer: makeTokenEndpoint(tokens, senders, carryOut) }],
    ['/v2/bot/message/push', route(push(accept, retryKeys))],
    ['/v2/bot/message/reply', route(reply(accept, replyTokens))],
    ['/v2/bot/message/validate/push', route(validate('validate/push'))],
    ['/v2/bot/message/validate/reply', route(validate('validate/reply'))],
    ['/v2/bot/message/quota', route(quota)],
    ['/v2/bot/message/quota/consumption', route(consumption(pushes))],
  ])
}

function noSuchCall(route: Route | undefined): Answer {
  if (route === undefined) return refusal(404, 'Not found')
  return { ...refusal(405, 'Method not allowed'), headers: { allow: route.method } }
}
