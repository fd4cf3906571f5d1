import type { Answer, Call, Outcome } from '../call.ts'
import type { CarryOut } from '../carry-out.ts'
import type { Mark } from '../ledger.ts'
import { refusal, unauthorized } from './answers.ts'
import { type Body, readBody } from './body.ts'
import type { ChannelTokens } from './channel-tokens.ts'

/** A call whose token, headers and JSON are in order. `sender` is the channel that the token belongs to. */
export type Request = {
  readonly sender: string
  readonly requestId: string
  readonly retryKey: string | undefined
  readonly mark: Mark | undefined
  readonly body: unknown
}

/** One call of the message API. `operation` is its name in the call log, and to faults. */
export type Endpoint = {
  readonly method: 'GET' | 'POST'
  readonly operation: string
  /** Only push does: https://developers.line.biz/en/reference/messaging-api/#retry-api-request */
  readonly takesRetryKey?: boolean
  /** Whom a body of any form is addressed to, if anyone can be made out. */
  readonly recipientOf?: (body: unknown) => string | undefined
  /** The mark of a body of any form, if it has one. */
  readonly markOf?: (body: unknown) => Mark | undefined
  readonly answer: (request: Request) => Answer
}

/** Answers a call: what is common to all of the message API here, the rest by its endpoint. */
export type AnswerCall = (endpoint: Endpoint, call: Call, requestId: string) => Outcome | Promise<Outcome>

export function makeAnswerCall(tokens: ChannelTokens, carryOut: CarryOut): AnswerCall {
  return ({ method, operation, takesRetryKey = false, recipientOf, markOf, answer }, call, requestId) => {
    const sender = tokens.channelOf(call.headers.authorization)
    const { body, refused }: Body = method === 'POST' ? readBody(call) : { body: undefined }
    const retryKey = call.headers['x-line-retry-key']?.toString()
    const mark = retryKey?.toLowerCase() ?? markOf?.(body)
    const facts = { sender, recipient: recipientOf?.(body), retryKey, mark, requestId }
    return carryOut({ network: 'line', operation, ...facts }, () => {
      if (sender === undefined) return unauthorized
      if (refused !== undefined) return refused
      if (retryKey !== undefined && !takesRetryKey) return refusal(400, 'The retry key cannot be used with this API')
      return answer({ sender, requestId, retryKey, mark, body })
    })
  }
}
