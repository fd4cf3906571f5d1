import type { Delivery, Sender } from '@ott/delivery'

import { aDelivery } from '../a-delivery.ts'
import { type Scripted, useScriptedNetwork } from '../use-scripted-network.ts'
import { line } from './line.ts'

/** Where LINE is called. */
export const push = '/v2/bot/message/push'
export const reply = '/v2/bot/message/reply'
export const tokens = '/oauth2/v3/token'

export const attributes: Sender['attributes'] = {
  channelId: '1650000000',
  channelName: 'Shop',
  channelSecret: 'channel-secret-1',
  isTestChannel: false,
}

/** LINE's answers, as its reference prints them. */
export const issued = (token: string) => ({
  status: 200,
  body: { access_token: token, expires_in: 899, token_type: 'Bearer' },
})
export const sent = {
  status: 200,
  headers: { 'x-line-request-id': 'r-1' },
  body: { sentMessages: [{ id: '461230966842064897' }] },
}
export const invalidReplyToken = { status: 400, body: { message: 'Invalid reply token' } }
export const unauthorized = {
  status: 401,
  body: { message: 'Authentication failed due to the following reason: invalid token.' },
}

/** A delivery that answers what the person wrote just now, and can be a reply. */
export function answering(changes: Partial<Delivery> = {}): Delivery {
  return aDelivery({ recipient: { id: 'U4af4980629a1b2c3d4e5f60718293a4b', reference: 'reply-token-1' }, ...changes })
}

/** A LINE that issues access tokens, opened with a channel. */
export function useScriptedLine(): Scripted {
  return useScriptedNetwork(line, attributes, '', ({ script }) => script(tokens, issued('access-token-1')))
}
