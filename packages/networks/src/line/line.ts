import { type Call, defineNetwork, type Delivery, type Exchange, type Network, type Receipt } from '@ott/delivery'
import { z } from 'zod'

import { withoutSecrets } from '../secrets.ts'
import { limits } from './limits.ts'
import { toMessage } from './message.ts'
import { isInvalidReplyToken, toCheckReceipt, toReceipt } from './receipt.ts'
import { channelTokens } from './token.ts'

/** Below the API's host, what replies and pushes have in common. */
const messagePath = '/v2/bot/message'

const Credentials = z.object({ channelId: z.string(), channelSecret: z.string(), endpointUrl: z.url() })

/** LINE, through its Messaging API: https://developers.line.biz/en/reference/messaging-api/ */
export const line = defineNetwork({
  title: 'LINE',
  apiVersion: 'v2',
  senderAttributes: [
    { name: 'channelId', kind: 'text', required: true },
    { name: 'channelName', kind: 'text', required: true },
    { name: 'channelSecret', kind: 'secret', required: true },
    { name: 'customerConnectSecret', kind: 'secret', required: false },
    { name: 'isTransactional', kind: 'flag', required: true },
    { name: 'isTestChannel', kind: 'flag', required: true },
  ],
  senderId: 'channelId',
  addressedBy: 'id',
  contentTypes: ['text', 'image', 'audio', 'video', 'native'],
  contentsMax: 5,
  takesAttachmentIds: false,
  needsPurpose: false,
  limits,
  concurrency: 50,
  credentials: Credentials,
  open: openChannel,
})

function openChannel(channel: z.infer<typeof Credentials>, exchange: Exchange): Network {
  const { messageUrl, tokenUrl } = endpoints(channel.endpointUrl)
  const tokens = channelTokens(channel, tokenUrl, exchange)

  async function replyOrPush(token: string, delivery: Delivery, signal: AbortSignal): Promise<Receipt> {
    const { id, reference } = delivery.recipient
    const said = toSaid(delivery)
    if (reference !== undefined) {
      const reply = await exchange(replyCall(messageUrl, { replyToken: reference, ...said }, token, signal))
      if (!isInvalidReplyToken(reply)) return toReceipt('reply', reply)
    }
    return toReceipt('push', await exchange(pushCall(messageUrl, { to: id, ...said }, token, signal, delivery.id)))
  }

  async function withToken(signal: AbortSignal, call: (token: string) => Promise<Receipt>): Promise<Receipt> {
    const receipt = await tokens.use(signal, async (token) => withoutSecrets(await call(token), [token]))
    return withoutSecrets(receipt, [channel.channelSecret])
  }

  return {
    deliver: (delivery, { signal }) => withToken(signal, (token) => replyOrPush(token, delivery, signal)),
    check: (signal) =>
      withToken(signal, async (token) => toCheckReceipt(await exchange(quotaCall(messageUrl, token, signal)))),
  }
}

/** A registered endpoint is the messages' base; without a path it is LINE's own. Tokens are issued beside it, on the same host. */
function endpoints(endpointUrl: string): { messageUrl: string; tokenUrl: string } {
  const { origin, pathname } = new URL(endpointUrl)
  const path = pathname.replace(/\/+$/, '') || messagePath
  const before = path.endsWith(messagePath) ? path.slice(0, -messagePath.length) : ''
  return { messageUrl: `${origin}${path}`, tokenUrl: `${origin}${before}/oauth2/v3/token` }
}

function toSaid({ contents, alert }: Delivery) {
  const quiet = alert === 'silent' || alert === 'none'
  return { messages: contents.map(toMessage), ...(quiet && { notificationDisabled: true }) }
}

/** https://developers.line.biz/en/reference/messaging-api/#send-reply-message; a retry key is refused here. */
function replyCall(messageUrl: string, body: object, token: string, signal: AbortSignal): Call {
  return {
    method: 'POST',
    url: `${messageUrl}/reply`,
    headers: messageHeaders(token),
    body: JSON.stringify(body),
    signal,
    // A reply whose answer is lost may have been taken, and nothing tells LINE that the next one is the same.
    repeatable: false,
    passing: () => false,
  }
}

/**
 * https://developers.line.biz/en/reference/messaging-api/#send-push-message. The retry key goes with the first call already:
 * LINE takes the same key once in 24 hours, https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
 */
function pushCall(messageUrl: string, body: object, token: string, signal: AbortSignal, retryKey: string): Call {
  return {
    method: 'POST',
    url: `${messageUrl}/push`,
    headers: { ...messageHeaders(token), 'x-line-retry-key': retryKey },
    body: JSON.stringify(body),
    signal,
    repeatable: true,
    passing: ({ status }) => status >= 500,
  }
}

/** A read that costs nothing, below the messages' own base: https://developers.line.biz/en/reference/messaging-api/#get-quota */
function quotaCall(messageUrl: string, token: string, signal: AbortSignal): Call {
  return {
    method: 'GET',
    url: `${messageUrl}/quota`,
    headers: { authorization: `Bearer ${token}` },
    signal,
    repeatable: true,
    passing: ({ status }) => status >= 500,
  }
}

function messageHeaders(token: string) {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
}
