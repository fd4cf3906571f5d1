import type { AttemptRecord, Content, Delivery, DeliveryEvent, FailureReason, History } from '@ott/delivery'

import { messagingTypes, notificationTypes } from './custom-key-words.ts'
import { errorcodes } from './errorcodes.ts'

/** A delivery's history as the API tells it: what was sent, in the document's case, and what has become of it. */
export function toStatusAnswer({ delivery, events, attempts, nextAttemptAt }: History) {
  return {
    requestBody: toRequestBody(delivery),
    status: events.map(toStatus),
    attempts: attempts.map(toAttempt),
    nextAttemptDateTime: toDateTime(nextAttemptAt),
  }
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
    // What follows from it, where anything does: the delivery is never made later.
    validUntil: toDateTime(delivery.expiresAt),
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

function toDateTime(at: number): string
function toDateTime(at: number | undefined): string | undefined
function toDateTime(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString()
}

function toAttempt({ at, outcome, reason, message, requestId }: AttemptRecord) {
  return { attemptDateTime: toDateTime(at), outcome, reason, message, requestId }
}

function toStatus(happened: DeliveryEvent) {
  const eventDateTime = toDateTime(happened.at)
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
      const { message, reason, attempts, inDoubt } = happened
      return {
        event: 'Error',
        eventDateTime,
        message,
        errorcode: errorcodeOf[reason],
        reason,
        attempts,
        ...(inDoubt && { inDoubt }),
      }
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
  expired: errorcodes.generic,
  ambiguous: errorcodes.generic,
  rejected: errorcodes.generic,
  unreadable: errorcodes.generic,
  fault: errorcodes.generic,
}
