import { Content } from '@ott/delivery'

import { invalid } from '../limits.ts'

/**
 * The Send API's own error says "must be less than or equal to 2000"; what it counts is not documented. UTF-16 code units
 * are the strictest reading that cannot refuse a text of 2000 characters without emoji.
 * https://developers.facebook.com/docs/messenger-platform/reference/send-api
 */
const textMax = 2000

/** What Meta publishes of the message's limits: https://developers.facebook.com/docs/messenger-platform/reference/send-api */
export const limits = Content.superRefine((content, context) => {
  switch (content.type) {
    case 'text':
      if (content.text.length > textMax) invalid(context, 'text', `must not be longer than ${textMax} characters`)
      return
    case 'native':
      if (Object.keys(content.payload).length === 0) invalid(context, 'payload', 'must be a message object')
      return
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      if (content.url !== undefined && !(/^https?:\/\/[^\s]+$/i.test(content.url) && URL.canParse(content.url)))
        invalid(context, 'url', 'must be an http or https URL')
  }
})
