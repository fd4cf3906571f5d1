import { createHmac } from 'node:crypto'

import { type Call, defineNetwork, type Exchange, type Network } from '@ott/delivery'
import { z } from 'zod'

import { withoutSecrets } from '../secrets.ts'
import { limits } from './limits.ts'
import { isPassing, toCheckReceipt } from './receipt.ts'
import { paceOf } from './pace.ts'
import { makeSend, unknownOutcomes } from './send.ts'

const Credentials = z.object({
  applicationSecret: z.string(),
  pageId: z.string(),
  pageAccessToken: z.string(),
  unknownOutcome: z.enum(unknownOutcomes).default(unknownOutcomes[0]),
  endpointUrl: z.url(),
})

/** The version spoken where the endpoint URL names none. */
const apiVersion = 'v26.0'

/** Facebook Messenger, through its Send API: https://developers.facebook.com/docs/messenger-platform/reference/send-api */
export const messenger = defineNetwork({
  title: 'Messenger',
  apiVersion,
  senderAttributes: [
    { name: 'applicationId', kind: 'text', required: true },
    { name: 'applicationSecret', kind: 'secret', required: true },
    { name: 'pageId', kind: 'text', required: true },
    { name: 'pageName', kind: 'text', required: true },
    { name: 'pageAccessToken', kind: 'secret', required: true },
    { name: 'callbackVerifyToken', kind: 'secret', required: true },
    { name: 'unknownOutcome', kind: 'choice', required: false, choices: unknownOutcomes },
  ],
  senderId: 'pageId',
  addressedBy: 'id or reference',
  contentTypes: ['text', 'image', 'audio', 'video', 'file', 'native'],
  contentsMax: 1,
  takesAttachmentIds: true,
  needsPurpose: true,
  limits,
  // Of many Pages, each of which may have 300 calls a second. One that waits takes memory, and little else.
  concurrency: 300,
  isReply: ({ purpose }) => purpose === 'response',
  pace: paceOf,
  credentials: Credentials,
  open: openPage,
})

function openPage(page: z.infer<typeof Credentials>, exchange: Exchange): Network {
  const { pageAccessToken, applicationSecret } = page
  const url = withProof(page.endpointUrl, page)
  const headers = { authorization: `Bearer ${pageAccessToken}`, 'content-type': 'application/json' }
  const send = makeSend({ url, headers, exchange }, page.unknownOutcome)

  return {
    deliver: async (delivery, attempt) =>
      withoutSecrets(await send(delivery, attempt), [pageAccessToken, applicationSecret]),
    check: async (signal) => {
      const receipt = toCheckReceipt(await exchange(identityCall(page, signal)), page.pageId)
      return withoutSecrets(receipt, [pageAccessToken, applicationSecret])
    },
  }
}

/** Asks whose the token is: https://developers.facebook.com/docs/graph-api/overview#me */
function identityCall(page: z.infer<typeof Credentials>, signal: AbortSignal): Call {
  const { origin, pathname } = new URL(page.endpointUrl)
  const base = /^.*?\/v\d+\.\d+(?=\/)/.exec(pathname)?.[0] ?? `/${apiVersion}`
  return {
    method: 'GET',
    url: withProof(`${origin}${base}/me?fields=id`, page),
    headers: { authorization: `Bearer ${page.pageAccessToken}` },
    signal,
    repeatable: true,
    passing: isPassing,
  }
}

/**
 * The token goes in a header, which nobody logs; the proof that the caller holds the application's secret goes where Meta
 * documents it, and is of no use without the token: https://developers.facebook.com/docs/graph-api/guides/secure-requests
 */
function withProof(address: string, { applicationSecret, pageAccessToken }: z.infer<typeof Credentials>): string {
  const url = new URL(address)
  url.searchParams.set('appsecret_proof', createHmac('sha256', applicationSecret).update(pageAccessToken).digest('hex'))
  return url.href
}
