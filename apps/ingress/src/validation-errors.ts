import type { z } from 'zod'

import { errorcodes, type ValidationError } from './problem.ts'

/** One issue of a schema as the API tells it. The schema must have been given `reportInput`. */
export function toValidationError(issue: z.core.$ZodIssue): ValidationError {
  return { message: toMessage(issue), errorcode: toErrorcode(issue) }
}

/** What more than one part of a body has wrong in the same way is told once. */
export function once(errors: readonly ValidationError[]): ValidationError[] {
  return [...new Map(errors.map((error) => [error.message, error])).values()]
}

function toMessage(issue: z.core.$ZodIssue): string {
  return issue.code === 'custom' ? issue.message.replace('{0}', String(issue.params?.['maximum'])) : issue.message
}

function toErrorcode(issue: z.core.$ZodIssue): number {
  if (issue.code === 'custom') return issue.params?.['missing'] === true ? errorcodes.missing : errorcodes.invalidValue
  if (issue.code === 'too_small' || issue.input === undefined) return errorcodes.missing
  return issue.code === 'invalid_type' ? errorcodes.wrongType : errorcodes.invalidValue
}
