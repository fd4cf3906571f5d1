import type { Content, MediaContent } from '@ott/delivery'
import type { messagingApi } from '@line/bot-sdk'

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
function toMedia({ type, url = '', previewUrl = '', durationMs = 0 }: MediaContent): MediaMessage {
  switch (type) {
    case 'image':
      return { type: 'image', originalContentUrl: url, previewImageUrl: previewUrl }
    case 'video':
      return { type: 'video', originalContentUrl: url, previewImageUrl: previewUrl }
    case 'audio':
      return { type: 'audio', originalContentUrl: url, duration: durationMs }
    case 'file':
      throw new TypeError('LINE has no file messages, and its definition does not list them')
  }
}
