import {
  type Call,
  defineNetwork,
  type Delivery,
  type Exchange,
  type Network,
  type NetworkAttempt,
  type Pace,
} from '@ott/delivery'
import { z } from 'zod'

import { withoutSecrets } from '../secrets.ts'
import type { WithToken } from './channel.ts'
import { limits } from './limits.ts'
import { makePush } from './push.ts'
import { isPassing, toCheckReceipt } from './receipt.ts'
import { makeReply, mayReply, unconfirmedReplies } from './reply.ts'
import { channelTokens } from './token.ts'

/** Below the API's host, what replies and pushes have in common. */
const messagePath = '/v2/bot/message'

const Credentials = z.object({
  channelId: z.string(),
  channelSecret: z.string(),
  unconfirmedReply: z.enum(unconfirmedReplies).default(unconfirmedReplies[0]),
  endpointUrl: z.url(),
})

/** Of each channel: https://developers.line.biz/en/reference/messaging-api/#rate-limits */
const pace: Pace = { name: 'messages', perSecond: 2000 }

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
    { name: 'unconfirmedReply', kind: 'choice', required: false, choices: unconfirmedReplies },
  ],
  senderId: 'channelId',
  addressedBy: 'id',
  contentTypes: ['text', 'image', 'audio', 'video', 'native'],
  contentsMax: 5,
  takesAttachmentIds: false,
  needsPurpose: false,
  limits,
  // LINE takes 2,000 calls a second of a channel: with 100 ms for each, 200 are under way, and some on their way in and out.
  concurrency: 300,
  isReply: ({ recipient }) => recipient.reference !== undefined,
  pace: () => pace,
  credentials: Credentials,
  open: openChannel,
})

function openChannel(channel: z.infer<typeof Credentials>, exchange: Exchange): Network {
  const { messageUrl, tokenUrl } = endpoints(channel.endpointUrl)
  const tokens = channelTokens(channel, tokenUrl, exchange)

  const withToken: WithToken = (signal, use) => {
    const hidden = [channel.channelSecret]
    return tokens
      .use(signal, (token) => {
        hidden.push(token)
        return use(token)
      })
      .then((receipt) => receipt && withoutSecrets(receipt, hidden))
  }
  const reply = makeReply({ messageUrl, exchange, withToken }, channel.unconfirmedReply)
  const push = makePush({ messageUrl, exchange, withToken })

  async function replyOrPush(delivery: Delivery, reference: string, attempt: NetworkAttempt) {
    const replies = mayReply(delivery, attempt.earlier)
    const replied = replies ? await reply(delivery, reference, attempt) : undefined
    if (replied !== undefined) return replied
    // What the push leaves open must not be taken for a reply's doing, not even where another clock finds the token young still.
    if (attempt.earlier.recorded !== 'push') await attempt.record('push')
    return push(delivery, attempt)
  }

  return {
    deliver: (delivery, attempt) => {
      const { reference } = delivery.recipient
      return reference === undefined ? push(delivery, attempt) : replyOrPush(delivery, reference, attempt)
    },
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

/** A read that costs nothing, below the messages' own base: https://developers.line.biz/en/reference/messaging-api/#get-quota */
function quotaCall(messageUrl: string, token: string, signal: AbortSignal): Call {
  return {
    method: 'GET',
    url: `${messageUrl}/quota`,
    headers: { authorization: `Bearer ${token}` },
    signal,
    repeatable: true,
    passing: isPassing,
  }
}
