import type { Alert, Content, Delivery, MediaContent, Purpose } from '@ott/delivery'

const messagingTypes: Readonly<Record<Purpose, string>> = {
  response: 'RESPONSE',
  update: 'UPDATE',
  tagged: 'MESSAGE_TAG',
}

const notificationTypes: Readonly<Record<Alert, string>> = {
  regular: 'REGULAR',
  silent: 'SILENT_PUSH',
  none: 'NO_PUSH',
}

/** A delivery as the Send API's body: https://developers.facebook.com/docs/messenger-platform/reference/send-api */
export function toBody({ id, recipient, contents, purpose, tag, alert }: Delivery) {
  return {
    recipient: recipient.reference === undefined ? { id: recipient.id } : { user_ref: recipient.reference },
    messaging_type: purpose && messagingTypes[purpose],
    tag: purpose === 'tagged' ? tag : undefined,
    notification_type: alert && notificationTypes[alert],
    message: contents.map((content) => toMessage(content, id))[0],
  }
}

/**
 * Meta repeats the metadata in its echoes, https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/message-echoes:
 * there one can look up what came of a call whose answer was lost. A native content stays as the client wrote it.
 */
function toMessage(content: Content, metadata: string) {
  switch (content.type) {
    case 'text':
      return { text: content.text, metadata }
    case 'native':
      return content.payload
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return { attachment: { type: content.type, payload: toPayload(content) }, metadata }
  }
}

/** https://developers.facebook.com/docs/messenger-platform/send-messages/saving-assets */
function toPayload({ url, attachmentId, reusable }: MediaContent) {
  return attachmentId === undefined ? { url, is_reusable: reusable } : { attachment_id: attachmentId }
}
