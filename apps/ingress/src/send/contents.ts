import type { Content, ContentType, NetworkDefinition } from '@ott/delivery'
import { z } from 'zod'

import { documentedCase } from '../property-names.ts'
import { absence, choice, optionalFlag, optionalText, text } from '../wire-values.ts'
import { blob } from './blob.ts'
import { documented, own } from './messages.ts'

/** What a network says of the contents it takes. */
export type ContentRules = Pick<NetworkDefinition, 'contentTypes' | 'takesAttachmentIds' | 'limits'> &
  Partial<Pick<NetworkDefinition, 'contentsMax'>>

/** So many contents beyond what the network takes are looked into as well, to tell of all problems at once. */
const excessMax = 20

// How long texts and URLs may be is the network's affair.
const Text = z.object({
  type: z.literal('text'),
  text: text('Text', documented.text, { max: Infinity }).describe('What the person reads.'),
})

const Media = z.object({
  type: z.literal(['image', 'audio', 'video', 'file']),
  url: optionalText('Url', { max: Infinity }).describe('Where the network fetches it: it must be public.'),
  altUrl: optionalText('AltUrl', { max: Infinity }).describe('Of an image the small one, of a video the still.'),
  duration: optionalText('Duration')
    .pipe(
      z
        .string()
        // Aborting: without the number it stands for, the network's limits have nothing to look at.
        .regex(/^0*[1-9]\d{0,14}$/, { error: 'Duration must be a whole number of milliseconds above 0', abort: true })
        .transform(Number)
        .optional(),
    )
    .describe('How long an audio sounds, in milliseconds.'),
  isReusable: optionalFlag('IsReusable').describe('Asks the network to keep it, under an attachmentId of its own.'),
  attachmentId: optionalText('AttachmentId').describe('What the network kept before, in place of the url.'),
})

const Native = z.object({
  type: z.literal('native'),
  nativePayload: blob('NativePayload', own.nativePayload).describe(
    'A message object in the network’s own form, which is handed over as it is. `payload` is another name for it.',
  ),
})

/** How each type of content is written, before a network says more of it. */
export const contentSchemas = {
  text: Text,
  image: Media,
  audio: Media,
  video: Media,
  file: Media,
  native: Native,
} as const satisfies Record<ContentType, z.ZodObject>

const toDocumentedCase = documentedCase(
  [Text, Media, Native].flatMap(({ shape }) => Object.keys(shape)),
  { payload: 'nativePayload' },
)

/** One content, in the words of the wire still. */
type WireContent = z.output<typeof Text> | z.output<typeof Media> | z.output<typeof Native>

/** Reads the contents of a message for a network with these rules. */
export function contents(rules: ContentRules) {
  const types = Object.fromEntries(rules.contentTypes.map((type) => [type, type]))
  const type = text('Content Type', documented.contentType).pipe(choice<ContentType>(types, own.contentTypeInvalid))
  const media = Media.refine(
    ({ url, attachmentId }) => url !== undefined || (rules.takesAttachmentIds && attachmentId !== undefined),
    absence(documented.url),
  )
  const content = z
    .preprocess(toDocumentedCase, z.looseObject({ type }, { error: 'Message contents must be objects' }))
    .pipe(z.discriminatedUnion('type', [Text, media, Native]).superRefine(within(rules.limits)))
    .transform(toContent)
  const maximum = rules.contentsMax ?? 0
  const list = z
    .array(content, { error: documented.contents })
    .min(1, documented.contents)
    .refine((given) => rules.contentsMax === undefined || given.length <= maximum, {
      error: documented.contentsMax,
      params: { maximum },
      when: ({ value }) => Array.isArray(value),
    })
  return z.preprocess((given) => (Array.isArray(given) ? given.slice(0, maximum + excessMax) : given), list)
}

function toContent(wire: WireContent): Content {
  switch (wire.type) {
    case 'text':
      return wire
    case 'native':
      return { type: wire.type, payload: wire.nativePayload }
    case 'image':
    case 'audio':
    case 'video':
    case 'file': {
      const { altUrl: previewUrl, duration: durationMs, isReusable: reusable, ...media } = wire
      return { ...media, previewUrl, durationMs, reusable }
    }
  }
}

/** The network's limits, told in the words of the wire. */
function within(given: ContentRules['limits']) {
  const limits = z.compile(given)
  return (wire: WireContent, context: z.core.$RefinementCtx): void => {
    for (const issue of limits.safeParse(toContent(wire)).error?.issues ?? [])
      context.addIssue({
        code: 'custom',
        message: `${wireName(issue.path[0])} ${issue.message} for ${capitalised(wire.type)} type Message Content`,
        params: issue.code === 'custom' ? issue.params : undefined,
      })
  }
}

const wireProperties = new Map<unknown, string>([
  ['previewUrl', 'altUrl'],
  ['durationMs', 'duration'],
  ['payload', 'nativePayload'],
  ['reusable', 'isReusable'],
])

/** What the wire calls a content's property. */
export function wirePropertyOf(name: PropertyKey | undefined): string {
  return wireProperties.get(name) ?? String(name ?? 'content')
}

function wireName(name: PropertyKey | undefined): string {
  return capitalised(wirePropertyOf(name))
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}
