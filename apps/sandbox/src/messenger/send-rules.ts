import { z } from 'zod'

import { Message } from './message-rules.ts'
import { because } from './rules.ts'

const reference = z.string().min(1).nullish()

/** https://developers.facebook.com/docs/messenger-platform/reference/send-api#recipient */
const Recipient = z
  .looseObject({
    id: z.string().regex(/^\d+$/, 'Param recipient[id] must be a valid ID string (e.g., "123")').nullish(),
    user_ref: reference,
    comment_id: reference,
    post_id: reference,
    phone_number: reference,
    notification_messages_token: reference,
  })
  .refine(
    (recipient) => addressesOf(recipient).length === 1,
    because('Param recipient must have exactly one of id, user_ref, comment_id, post_id'),
  )

const Sending = z.looseObject({
  recipient: Recipient,
  messaging_type: z.enum(['RESPONSE', 'UPDATE', 'MESSAGE_TAG', 'UTILITY']),
  tag: z.string().nullish(),
  notification_type: z.enum(['REGULAR', 'SILENT_PUSH', 'NO_PUSH']).nullish(),
  reply_to: z.looseObject({ mid: z.string().min(1) }).nullish(),
  message: Message,
})

/** Refused since 2026-04-27: https://developers.facebook.com/docs/messenger-platform/send-messages/message-tags */
const deadTags = new Set(['CONFIRMED_EVENT_UPDATE', 'ACCOUNT_UPDATE', 'POST_PURCHASE_UPDATE'])
const liveTags = new Set(['HUMAN_AGENT', 'CUSTOMER_FEEDBACK'])

/** A message to be sent: https://developers.facebook.com/docs/messenger-platform/reference/send-api */
export const SendRequest = Sending.superRefine((sending, context) => {
  const fault = faultOfTag(sending) ?? faultOfUtility(sending)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
})
export type SendRequest = z.infer<typeof SendRequest>

/** What a page seems to do, without a message: https://developers.facebook.com/docs/messenger-platform/send-messages/sender-actions */
export const SenderAction = z.looseObject({
  recipient: Recipient,
  sender_action: z.enum(['typing_on', 'typing_off', 'mark_seen']),
})

function faultOfTag({ messaging_type: type, tag }: z.infer<typeof Sending>): string | undefined {
  if (!tag) return type === 'MESSAGE_TAG' ? 'The parameter tag is required' : undefined
  if (type !== 'MESSAGE_TAG') return 'Messaging type should be MESSAGE_TAG for tagged messages.'
  if (deadTags.has(tag)) return 'Invalid parameter'
  return liveTags.has(tag) ? undefined : 'Invalid tag.'
}

function faultOfUtility({ messaging_type: type, message }: z.infer<typeof Sending>): string | undefined {
  if (Boolean(message.template) === (type === 'UTILITY')) return undefined
  return type === 'UTILITY' ? 'The parameter message[template] is required' : 'Param message[template] is invalid'
}

const addressKinds = ['id', 'user_ref', 'comment_id', 'post_id', 'phone_number', 'notification_messages_token'] as const

/** Whom a `recipient` of any form names, in whichever ways. */
export function addressesOf(recipient: unknown): string[] {
  if (typeof recipient !== 'object' || recipient === null) return []
  return addressKinds
    .map((kind): unknown => Reflect.get(recipient, kind))
    .filter((address): address is string => typeof address === 'string' && address !== '')
}
