import { z } from 'zod'

import { httpsUrl, link, list, text } from './rules.ts'

const Area = z.looseObject({
  x: z.number().nonnegative('Must not be negative'),
  y: z.number().nonnegative('Must not be negative'),
  width: z.number().nonnegative('Must not be negative'),
  height: z.number().nonnegative('Must not be negative'),
})

const label = text(100).nullish()

/** https://developers.line.biz/en/reference/messaging-api/#imagemap-action-objects */
const Action = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('uri'), label, linkUri: link(1000), area: Area }),
  z.looseObject({ type: z.literal('message'), label, text: text(400), area: Area }),
  z.looseObject({ type: z.literal('clipboard'), label, clipboardText: text(1000), area: Area }),
])

const Video = z.looseObject({
  originalContentUrl: httpsUrl(),
  previewImageUrl: httpsUrl(),
  area: Area,
  externalLink: z.looseObject({ linkUri: link(1000), label: text(30) }).nullish(),
})

/** What an imagemap message has: https://developers.line.biz/en/reference/messaging-api/#imagemap-message */
export const imagemap = {
  baseUrl: httpsUrl(),
  baseSize: z.looseObject({
    width: z.literal(1040, 'Must be 1040'),
    height: z.int('Must be a whole number').positive('Must be positive'),
  }),
  actions: list(Action, 0, 50),
  video: Video.nullish(),
}
