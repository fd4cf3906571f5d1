import type { Answer, Call, Handler } from '../call.ts'
import type { CarryOut } from '../carry-out.ts'
import type { DeclaredSenders } from '../senders.ts'
import { oauthRefusal } from './answers.ts'
import type { ChannelTokens } from './channel-tokens.ts'

/** A little less than the token lives, as LINE's own example has it. */
const expiresInSeconds = 899

/** https://developers.line.biz/en/reference/messaging-api/#issue-stateless-channel-access-token */
export function makeTokenEndpoint(tokens: ChannelTokens, senders: DeclaredSenders, carryOut: CarryOut) {
  function issue({ headers, body }: Call, form: URLSearchParams): Answer {
    if (body === undefined || !/^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? ''))
      return oauthRefusal('invalid_request', 'the body must be application/x-www-form-urlencoded')
    const grantType = form.get('grant_type')
    if (!grantType) return oauthRefusal('invalid_request', 'grant_type is required')
    if (grantType !== 'client_credentials') return oauthRefusal('unsupported_grant_type', 'unsupported grant_type')
    const channelId = form.get('client_id')
    const channelSecret = form.get('client_secret')
    if (!channelId) return oauthRefusal('invalid_request', 'client_id is required')
    if (!channelSecret) return oauthRefusal('invalid_request', 'client_secret is required')
    if (!senders.takesSecret(channelId, channelSecret)) return oauthRefusal('invalid_client', 'invalid client_secret')
    return {
      status: 200,
      body: { token_type: 'Bearer', access_token: tokens.issue(channelId), expires_in: expiresInSeconds },
    }
  }

  return (call: Call, requestId: string): ReturnType<Handler> => {
    const form = new URLSearchParams(call.body)
    const sender = form.get('client_id') ?? undefined
    return carryOut({ network: 'line', operation: 'token', sender, requestId }, () => issue(call, form))
  }
}
