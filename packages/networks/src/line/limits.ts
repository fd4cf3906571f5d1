import { Content, type MediaContent } from '@ott/delivery'
import type { z } from 'zod'

import { invalid, missing } from '../limits.ts'
import { toLineUrl } from './url.ts'

/** UTF-16 code units, JavaScript's own measure: https://developers.line.biz/en/docs/messaging-api/text-character-count/ */
const textMax = 5000
/** https://developers.line.biz/en/reference/messaging-api/#image-message, and likewise for video and audio. */
const urlMax = 2000

/** What LINE publishes of its message objects' limits: https://developers.line.biz/en/reference/messaging-api/#message-objects */
export const limits = Content.superRefine((content, context) => {
  switch (content.type) {
    case 'text':
      if (content.text.length > textMax) invalid(context, 'text', `must not be longer than ${textMax} characters`)
      return
    case 'native':
      if (typeof content.payload['type'] !== 'string' || content.payload['type'] === '')
        invalid(context, 'payload', 'must be a message object with a type')
      return
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      checkMedia(content, context)
  }
})

function checkMedia(content: MediaContent, context: z.core.$RefinementCtx): void {
  checkUrl(content.url, 'url', context)
  if (content.type === 'audio') {
    if (content.durationMs === undefined) missing(context, 'durationMs')
    return
  }
  if (content.previewUrl === undefined) missing(context, 'previewUrl')
  checkUrl(content.previewUrl, 'previewUrl', context)
}

function checkUrl(url: string | undefined, property: string, context: z.core.$RefinementCtx): void {
  if (url === undefined) return
  if (!/^https:\/\/\S+$/i.test(url) || !URL.canParse(url)) invalid(context, property, 'must be an https URL')
  else if (toLineUrl(url).length > urlMax) invalid(context, property, `must not be longer than ${urlMax} characters`)
}
