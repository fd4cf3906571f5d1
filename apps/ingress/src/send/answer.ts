import type { Content, Delivery, DeliveryEvent, FailureReason, History } from '@ott/delivery'

import { errorcodes } from '../problem.ts'
import { messagingTypes, notificationTypes } from './custom-keys.ts'

/** A delivery's history as the API tells it: what was sent, in the document's case, and what has become of it. */
export function toStatusAnswer({ delivery, events }: History) {
  return { requestBody: toRequestBody(delivery), status: events.map(toStatus) }
}

function toRequestBody(delivery: Delivery) {
  return {
    ottRequestId: delivery.id,
    messageKey: delivery.key,
    messageGroupKey: delivery.groupKey,
    from: { senderType: delivery.network, senderId: delivery.sender },
    to: { ottId: delivery.recipient.id, userReference: delivery.recipient.reference },
    message: {
      subject: delivery.subject,
      contents: delivery.contents.map(toWireContent),
      customKeys: toCustomKeys(delivery),
    },
    validityPeriod: delivery.validity,
  }
}

function toWireContent(content: Content) {
  switch (content.type) {
    case 'text':
      return { type: content.type, text: content.text }
    case 'native':
      return { type: content.type, nativePayload: content.payload }
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return {
        type: content.type,
        url: content.url,
        altUrl: content.previewUrl,
        duration: content.durationMs?.toString(),
        isReusable: content.reusable,
        attachmentId: content.attachmentId,
      }
  }
}

/** One object a key, as the document's samples have them. */
function toCustomKeys({ purpose, tag, alert, extras }: Delivery): Record<string, unknown>[] {
  return Object.entries({
    messagingType: wordFor(messagingTypes, purpose),
    tag,
    notificationType: wordFor(notificationTypes, alert),
    ...extras,
  }).flatMap(([name, value]) => (value === undefined ? [] : [{ [name]: value }]))
}

function wordFor(words: Readonly<Record<string, string>>, meaning: string | undefined): string | undefined {
  return Object.keys(words).find((word) => words[word] === meaning)
}

function toStatus(happened: DeliveryEvent) {
  const eventDateTime = new Date(happened.at).toISOString()
  switch (happened.event) {
    case 'created':
      return { event: 'Created', eventDateTime }
    case 'queued':
      return { event: 'Queued', eventDateTime }
    case 'parked':
      return { event: 'Parked', eventDateTime, reason: happened.reason, message: happened.message }
    case 'redriven':
      return { event: 'Redriven', eventDateTime }
    case 'sent': {
      const { via, messageIds, requestId, confirmed } = happened.receipt
      return { event: 'Sent', eventDateTime, via, messageIds, requestId, confirmed }
    }
    case 'failed': {
      const { message, reason, attempts } = happened
      return { event: 'Error', eventDateTime, message, errorcode: errorcodeOf[reason], reason, attempts }
    }
  }
}

const errorcodeOf: Readonly<Record<FailureReason, number>> = {
  credentials: errorcodes.insufficientPrivileges,
  permission: errorcodes.insufficientPrivileges,
  sender: errorcodes.insufficientPrivileges,
  content: errorcodes.invalidValue,
  recipient: errorcodes.invalidValue,
  window: errorcodes.invalidValue,
  throttled: errorcodes.throttled,
  quota: errorcodes.throttled,
  'no-answer': errorcodes.unavailable,
  unavailable: errorcodes.unavailable,
  paused: errorcodes.unavailable,
  conversation: errorcodes.unavailable,
  expired: errorcodes.unavailable,
  ambiguous: errorcodes.generic,
  rejected: errorcodes.generic,
  unreadable: errorcodes.generic,
  fault: errorcodes.generic,
}
