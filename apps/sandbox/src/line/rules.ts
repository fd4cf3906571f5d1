import { z } from 'zod'

// LINE's limits on one property, and its words for what breaks them, as far as they are published or have been seen.

/** Counted in UTF-16 code units, where zod's own `max` counts code points: https://developers.line.biz/en/docs/messaging-api/text-character-count/ */
export function text(max: number) {
  const error = `Length must be between 0 and ${max}`
  return z
    .string()
    .min(1, 'May not be empty')
    .refine((value) => value.length <= max, error)
}

const segmenter = new Intl.Segmenter()

/** Counted as people count, in grapheme clusters; the same page lists what is. */
export function hasAtMost(max: number, value: string): boolean {
  // No text has more clusters than code units, so that most need not be segmented.
  return value.length <= max || [...segmenter.segment(value)].length <= max
}

export function graphemes(max: number) {
  const error = `Length must be between 0 and ${max}`
  return z
    .string()
    .min(1, 'May not be empty')
    .refine((value) => hasAtMost(max, value), error)
}

/** Where LINE fetches media: https, percent-encoded. */
export function httpsUrl(max = 2000) {
  return text(max).regex(/^https:\/\/[\x21-\x7e]+$/, 'Must be a valid HTTPS URL')
}

/** Where a tap leads: https://developers.line.biz/en/reference/messaging-api/#uri-action */
export function link(max: number) {
  return text(max).regex(/^(https?|line|tel):[\x21-\x7e]+$/, 'Invalid action URI')
}

export function list<Item extends z.ZodType>(item: Item, min: number, max: number) {
  const error = `Size must be between ${min} and ${max}`
  return z.array(item).min(min, error).max(max, error)
}

/** What is wrong with a property where its rule has no words of its own. */
export function wording(issue: z.core.$ZodRawIssue): string | undefined {
  if ((issue.code === 'invalid_type' || issue.code === 'invalid_value') && (issue.input ?? undefined) === undefined)
    return 'May not be empty'
  if (issue.code === 'invalid_type') return `Must be of type ${issue.expected}`
  if (issue.code === 'invalid_value') return oneOf(issue.values)
  if (issue.code === 'invalid_union' && Array.isArray(issue['options'])) return oneOf(issue['options'])
  return undefined
}

function oneOf(values: readonly unknown[]): string {
  return `Must be one of the following values: [${values.join(', ')}]`
}
