import { z } from 'zod'

/** Graph's words for what breaks a rule, as far as they have been seen. They complete "(#100) …". */
export function wording(issue: z.core.$ZodRawIssue): string {
  const name = toName(issue.path ?? [])
  if ((issue.code === 'invalid_type' || issue.code === 'invalid_value') && (issue.input ?? undefined) === undefined)
    return `The parameter ${name} is required`
  if (issue.code === 'invalid_value')
    return `Param ${name} must be one of {${issue.values.join(', ')}} - got "${String(issue.input)}".`
  if (issue.code === 'invalid_union' && Array.isArray(issue['options']))
    return `Param ${name} must be one of {${issue['options'].join(', ')}}`
  if (issue.code === 'too_big' && issue.origin === 'string')
    return `Length of param ${name} must be less than or equal to ${issue.maximum}`
  if (issue.code === 'too_big' && issue.origin === 'array')
    return `Param ${name} must have at most ${issue.maximum} elements`
  if (issue.code === 'too_small') return `Param ${name} must be non-empty`
  return `Param ${name} is invalid`
}

/** A rule's own words; `subcode` is the error's, where it has one. */
export function because(error: string, subcode?: number) {
  return { error, params: { subcode } }
}

/** `message[attachment][type]` */
function toName([first = 'body', ...rest]: readonly PropertyKey[]): string {
  return `${String(first)}${rest.map((step) => `[${String(step)}]`).join('')}`
}
