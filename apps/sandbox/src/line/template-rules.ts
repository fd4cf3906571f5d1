import { z } from 'zod'

import { templateAction } from './action-rules.ts'
import { graphemes, hasAtMost, httpsUrl, list } from './rules.ts'

const Action = templateAction(graphemes(20))
const DefaultAction = templateAction(z.string().nullish())
const title = graphemes(40).nullish()
const picture = httpsUrl().nullish()

type Illustrated = { readonly text: string; readonly title?: unknown; readonly thumbnailImageUrl?: unknown }

/** With a picture or a title there is room for 60 characters only. */
function fits({ text, title: heading, thumbnailImageUrl }: Illustrated): boolean {
  return (!heading && !thumbnailImageUrl) || hasAtMost(60, text)
}

const unfit = { path: ['text'], error: 'Length must be between 0 and 60' }

/** https://developers.line.biz/en/reference/messaging-api/#buttons */
const Buttons = z
  .looseObject({
    type: z.literal('buttons'),
    thumbnailImageUrl: picture,
    imageAspectRatio: z.enum(['rectangle', 'square']).nullish(),
    imageSize: z.enum(['cover', 'contain']).nullish(),
    title,
    text: graphemes(160),
    defaultAction: DefaultAction.nullish(),
    actions: list(Action, 1, 4),
  })
  .refine(fits, unfit)

/** https://developers.line.biz/en/reference/messaging-api/#confirm */
const Confirm = z.looseObject({ type: z.literal('confirm'), text: graphemes(240), actions: list(Action, 2, 2) })

const Column = z
  .looseObject({
    thumbnailImageUrl: picture,
    title,
    text: graphemes(120),
    defaultAction: DefaultAction.nullish(),
    actions: list(Action, 1, 3),
  })
  .refine(fits, unfit)

type Columns = readonly (Illustrated & { readonly actions: readonly unknown[] })[]

function isUniform(columns: Columns): boolean {
  const shapes = columns.map((column) => [
    column.actions.length,
    Boolean(column.title),
    Boolean(column.thumbnailImageUrl),
  ])
  return new Set(shapes.map(String)).size <= 1
}

/** https://developers.line.biz/en/reference/messaging-api/#carousel */
const Carousel = z.looseObject({
  type: z.literal('carousel'),
  columns: list(Column, 1, 10).refine(
    isUniform,
    'Must have the same number of actions, titles and images in all columns',
  ),
})

/** https://developers.line.biz/en/reference/messaging-api/#image-carousel */
const ImageCarousel = z.looseObject({
  type: z.literal('image_carousel'),
  columns: list(z.looseObject({ imageUrl: httpsUrl(), action: templateAction(graphemes(12).nullish()) }), 1, 10),
})

export const Template = z.discriminatedUnion('type', [Buttons, Confirm, Carousel, ImageCarousel])
