import type { Sender } from '@ott/delivery'

import { type Scripted, useScriptedNetwork } from '../use-scripted-network.ts'
import { messenger } from './messenger.ts'

/** Where Messenger is called. */
export const send = '/v26.0/me/messages'

export const attributes: Sender['attributes'] = {
  applicationId: '1',
  applicationSecret: 'app-secret-example',
  pageId: '2',
  pageName: 'Shop',
  pageAccessToken: 'PAGE_TOKEN_EXAMPLE',
  callbackVerifyToken: 'verify-token-1',
}

/** Messenger's answers, as its reference prints them. */
export const sent = { status: 200, body: { recipient_id: '1254', message_id: 'm_AbC' } }
export const graphError = (code: number, subcode?: number, more: object = {}) => ({
  error: { message: 'Something', type: 'OAuthException', code, error_subcode: subcode, fbtrace_id: 'trace-1', ...more },
})

/** A Messenger that accepts what it is sent, opened with a Page. */
export function useScriptedMessenger(): Scripted {
  return useScriptedNetwork(messenger, attributes, send, ({ script }) => script(send, sent))
}
