import { defineNetwork } from '@ott/delivery'
import { z } from 'zod'

import { limits } from './limits.ts'

/** Facebook Messenger, through its Send API: https://developers.facebook.com/docs/messenger-platform/reference/send-api */
export const messenger = defineNetwork({
  title: 'Messenger',
  apiVersion: 'v26.0',
  senderAttributes: [
    { name: 'applicationId', kind: 'text', required: true },
    { name: 'applicationSecret', kind: 'secret', required: true },
    { name: 'pageId', kind: 'text', required: true },
    { name: 'pageName', kind: 'text', required: true },
    { name: 'pageAccessToken', kind: 'secret', required: true },
    { name: 'callbackVerifyToken', kind: 'secret', required: true },
  ],
  senderId: 'pageId',
  addressedBy: 'id or reference',
  contentTypes: ['text', 'image', 'audio', 'video', 'file', 'native'],
  contentsMax: 1,
  takesAttachmentIds: true,
  needsPurpose: true,
  limits,
  concurrency: 50,
  credentials: z.object({ applicationSecret: z.string(), pageAccessToken: z.string(), endpointUrl: z.url() }),
  open: () => ({ deliver: () => Promise.reject(new Error('not yet')) }),
})
