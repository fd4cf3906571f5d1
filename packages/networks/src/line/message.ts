import type { Content, MediaContent } from '@ott/delivery'
import type { messagingApi } from '@line/bot-sdk'

import { toLineUrl } from './url.ts'

/** A native content is LINE's own message object, which LINE checks. */
type Message = messagingApi.TextMessage | MediaMessage | Readonly<Record<string, unknown>>
type MediaMessage = messagingApi.ImageMessage | messagingApi.VideoMessage | messagingApi.AudioMessage

/** Contents as LINE's message objects: https://developers.line.biz/en/reference/messaging-api/#message-objects */
export function toMessage(content: Content): Message {
  switch (content.type) {
    case 'text':
      return { type: 'text', text: content.text }
    case 'native':
      return content.payload
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      return toMedia(content)
  }
}

/** The ingress has seen to it that what LINE requires is there; what still lacks LINE refuses by name. */
function toMedia(media: MediaContent): MediaMessage {
  const { type, durationMs: duration = 0 } = media
  const [originalContentUrl, previewImageUrl] = [toLineUrl(media.url ?? ''), toLineUrl(media.previewUrl ?? '')]
  switch (type) {
    case 'image':
      return { type, originalContentUrl, previewImageUrl }
    case 'video':
      return { type, originalContentUrl, previewImageUrl }
    case 'audio':
      return { type, originalContentUrl, duration }
    case 'file':
      throw new TypeError('LINE has no file messages, and its definition does not list them')
  }
}
