import type { ContentType } from '@ott/delivery'

import { type ContentRules, contentSchemas, wirePropertyOf } from '../send/contents.ts'
import { isMissed, type Json, toJsonSchema } from './json-schema.ts'

const [url, previewUrl] = ['https://example.com/a.jpg', 'https://example.com/b.jpg']

/** What a network that takes contents of this type takes for one, with all that it may have but an attachmentId. */
const samples = {
  text: { text: 'HELLO' },
  image: { url, previewUrl, reusable: true },
  audio: { url, durationMs: 1000, reusable: true },
  video: { url, previewUrl, durationMs: 1000, reusable: true },
  file: { url, reusable: true },
  native: { payload: { type: 'text', text: 'HELLO' } },
} as const satisfies Record<ContentType, Json>

/** Longer than any network's message may be. */
const lengthMax = 2 ** 13

/**
 * One type of content as a network takes it. What the network limits beyond the form is found out from its own rules: by leaving
 * properties out, and by making them longer, until they are refused.
 */
export function contentSchema(type: ContentType, rules: ContentRules): Json {
  const shape: Readonly<Record<string, Parameters<typeof toJsonSchema>[0]>> = contentSchemas[type].shape
  const found = limitsOf(type, rules)
  const isMedia = 'url' in shape
  const mayBeKept = isMedia && rules.takesAttachmentIds
  const names = Object.keys(shape).filter((name) => name !== 'attachmentId' || mayBeKept)
  const describe = (name: string): Json => {
    const property = shape[name]
    return { ...(property === undefined ? {} : toJsonSchema(property)), ...found.get(name)?.schema }
  }
  const required = names.filter(
    (name) => isMissed(shape[name]) || found.get(name)?.required === true || (name === 'url' && !mayBeKept),
  )
  return {
    type: 'object',
    properties: { ...Object.fromEntries(names.map((name) => [name, describe(name)])), type: { const: type } },
    required: required.filter((name) => name !== 'url' || !mayBeKept),
    ...(mayBeKept && { anyOf: ['url', 'attachmentId'].map(having) }),
  }
}

/** By the wire's name of each property. */
function limitsOf(type: ContentType, { limits }: ContentRules) {
  const sample: Json = samples[type]
  const accepts = (changes: Json): boolean => limits.safeParse({ type, ...sample, ...changes }).success
  // A network that would rather have something else is not asked further: the document then tells the form alone.
  const properties = accepts({}) ? Object.keys(sample) : []
  return new Map(
    properties.map((name) => {
      const required = !accepts({ [name]: undefined })
      return [wirePropertyOf(name), { required, schema: limitsOn(name, sample[name], accepts) }]
    }),
  )
}

function limitsOn(name: string, value: unknown, accepts: (changes: Json) => boolean): Json {
  if (typeof value === 'object' && value !== null) {
    const required = Object.keys(value).filter((each) => !accepts({ [name]: { ...value, [each]: undefined } }))
    if (required.length > 0) return { properties: inForm(required), required }
    return accepts({ [name]: {} }) ? {} : { minProperties: 1 }
  }
  if (typeof value !== 'string') return {}
  const maxLength = longest(value.length, (length) => accepts({ [name]: value.padEnd(length, 'X') }))
  const isUrl = URL.canParse(value) && !accepts({ [name]: 'HELLO' })
  const pattern = accepts({ [name]: 'http://example.com' }) ? '^https?://' : '^https://'
  return { ...(isUrl && { format: 'uri', pattern }), ...(maxLength < lengthMax && { maxLength }) }
}

function having(name: string): Json {
  return { properties: inForm([name]), required: [name] }
}

/** Properties of whatever form. */
function inForm(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, {}]))
}

/** The greatest length that is accepted, from one on that is. */
function longest(from: number, accepts: (length: number) => boolean): number {
  let [good, bad] = [from, lengthMax]
  if (accepts(bad)) return bad
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (accepts(middle)) good = middle
    else bad = middle
  }
  return good
}
