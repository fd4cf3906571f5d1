import { z } from 'zod'

import { QuickReplyAction } from './action-rules.ts'
import { imagemap } from './imagemap-rules.ts'
import { httpsUrl, list, text } from './rules.ts'
import { Template } from './template-rules.ts'

/** https://developers.line.biz/en/reference/messaging-api/#common-properties-for-messages */
const common = {
  quickReply: z
    .looseObject({
      items: list(
        z.looseObject({ type: z.literal('action'), imageUrl: httpsUrl().nullish(), action: QuickReplyAction }),
        1,
        13,
      ),
    })
    .nullish(),
  sender: z.looseObject({ name: text(20).nullish(), iconUrl: httpsUrl().nullish() }).nullish(),
}

const quoteToken = z.string().nullish()
const altText = text(1500)
const media = { originalContentUrl: httpsUrl(), previewImageUrl: httpsUrl() }

const Emoji = z.looseObject({
  index: z.int().nonnegative('Must not be negative'),
  productId: text(100),
  emojiId: text(100),
})

const Text = z
  .looseObject({
    ...common,
    type: z.literal('text'),
    text: text(5000),
    emojis: list(Emoji, 0, 20).nullish(),
    quoteToken,
  })
  .refine((message) => (message.emojis ?? []).every(({ index }) => message.text[index] === '$'), {
    path: ['emojis'],
    error: 'Each index must point at a $ in the text',
  })

const maxBubbleBytes = 30 * 1024
const maxCarouselBytes = 50 * 1024

const Bubble = z
  .looseObject({ type: z.literal('bubble') })
  .refine((bubble) => jsonBytes(bubble) <= maxBubbleBytes, 'A bubble must not be larger than 30 KB')

/** Only the frame: what is inside a bubble LINE checks, and this does not. */
const FlexContents = z.discriminatedUnion('type', [
  Bubble,
  z
    .looseObject({ type: z.literal('carousel'), contents: list(Bubble, 1, 12) })
    .refine((carousel) => jsonBytes(carousel) <= maxCarouselBytes, 'A carousel must not be larger than 50 KB'),
])

/** A message object: https://developers.line.biz/en/reference/messaging-api/#message-objects. Unknown properties pass. */
export const Message = z.discriminatedUnion('type', [
  Text,
  z.looseObject({
    ...common,
    type: z.literal('textV2'),
    text: text(5000),
    substitution: z.record(z.string(), z.looseObject({ type: z.enum(['mention', 'emoji']) })).nullish(),
    quoteToken,
  }),
  z.looseObject({ ...common, type: z.literal('sticker'), packageId: text(100), stickerId: text(100), quoteToken }),
  z.looseObject({ ...common, ...media, type: z.literal('image') }),
  z.looseObject({ ...common, ...media, type: z.literal('video'), trackingId: text(100).nullish() }),
  z.looseObject({
    ...common,
    type: z.literal('audio'),
    originalContentUrl: httpsUrl(),
    duration: z.int('Must be a whole number').positive('Must be positive'),
  }),
  z.looseObject({
    ...common,
    type: z.literal('location'),
    title: text(100),
    address: text(100),
    latitude: z.number(),
    longitude: z.number(),
  }),
  z.looseObject({ ...common, ...imagemap, type: z.literal('imagemap'), altText }),
  z.looseObject({ ...common, type: z.literal('template'), altText, template: Template }),
  z.looseObject({ ...common, type: z.literal('flex'), altText, contents: FlexContents }),
  z.looseObject({ ...common, type: z.literal('coupon'), couponId: text(100), deliveryTag: text(30).nullish() }),
])

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
