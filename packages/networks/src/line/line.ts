import { defineNetwork } from '@ott/delivery'
import { z } from 'zod'

import { limits } from './limits.ts'

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
  credentials: z.object({ channelId: z.string(), channelSecret: z.string(), endpointUrl: z.url() }),
  open: () => ({ deliver: () => Promise.reject(new Error('not yet')) }),
})
