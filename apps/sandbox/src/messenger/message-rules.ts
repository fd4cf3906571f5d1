import { z } from 'zod'

import { because } from './rules.ts'
import { Template } from './template-rules.ts'

/** https://developers.facebook.com/docs/messenger-platform/send-messages/saving-assets */
const MediaPayload = z
  .looseObject({
    url: z
      .string()
      .regex(/^https?:\/\/\S+$/)
      .nullish(),
    attachment_id: z
      .string()
      .refine((id) => /^\d+$/.test(id), because('Invalid attachment id', 2018074))
      .nullish(),
    is_reusable: z.boolean().nullish(),
  })
  .refine(
    (payload) => Boolean(payload.url) !== Boolean(payload.attachment_id),
    because('Param message[attachment][payload] must have either url or attachment_id'),
  )

const Attachment = z.discriminatedUnion('type', [
  z.looseObject({ type: z.enum(['image', 'audio', 'video', 'file']), payload: MediaPayload }),
  z.looseObject({ type: z.literal('template'), payload: Template }),
])

/** https://developers.facebook.com/docs/messenger-platform/send-messages/quick-replies */
const QuickReply = z.discriminatedUnion('content_type', [
  z.looseObject({
    content_type: z.literal('text'),
    title: z.string().min(1).max(20),
    payload: z.string().min(1).max(1000),
    image_url: z.string().nullish(),
  }),
  z.looseObject({ content_type: z.enum(['user_phone_number', 'user_email']) }),
])

/** What Meta counts is not documented; UTF-16 code units are the strictest reading. */
const text = z
  .string()
  .refine((value) => value.length <= 2000, because('Length of param message[text] must be less than or equal to 2000'))

/** An approved template, for utility messages. */
const UtilityTemplate = z.looseObject({
  name: z.string().min(1),
  language: z.looseObject({ code: z.string().min(1) }),
})

/** The `message` of a send: https://developers.facebook.com/docs/messenger-platform/reference/send-api#message */
export const Message = z
  .looseObject({
    text: text.nullish(),
    attachment: Attachment.nullish(),
    template: UtilityTemplate.nullish(),
    quick_replies: z.array(QuickReply).min(1).max(13).nullish(),
    metadata: z
      .string()
      .refine((value) => value.length < 1000, because('Length of param message[metadata] must be less than 1000'))
      .nullish(),
  })
  .refine((message) => contentsOf(message).length > 0, {
    ...because('Message cannot be empty, must provide valid attachment or text', 2018034),
    abort: true,
  })
  .refine(
    (message) => contentsOf(message).length === 1,
    because('Param message must have only one of text, attachment and template'),
  )
export type Message = z.infer<typeof Message>

function contentsOf(message: { readonly text?: unknown; readonly attachment?: unknown; readonly template?: unknown }) {
  return [message.text, message.attachment, message.template].filter(Boolean)
}
