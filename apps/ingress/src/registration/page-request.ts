import { z } from 'zod'

import { invalid } from '../problem.ts'
import { once, toValidationError } from '../validation-errors.ts'
import { anyCase } from '../wire-values.ts'
import type { PageRequest } from './answer.ts'

const pageSizeMax = 500
const pageSizeUsual = 50

/** Which page of a list is asked for, in the query of a URL. */
export const PageQuery = anyCase(
  z.object({
    $page: count(999_999_999, 1, '$page must be a whole number of at least 1').describe('Which page, counted from 1.'),
    $pagesize: count(pageSizeMax, pageSizeUsual, `$pagesize must be a whole number from 1 to ${pageSizeMax}`).describe(
      'How many senders a page has.',
    ),
  }),
)

/** Reads which page of a list is wanted. Throws a Problem that tells everything that is wrong with it. */
export function readPageRequest(query: unknown): PageRequest {
  const parsed = PageQuery.safeParse(query, { reportInput: true })
  if (!parsed.success) throw invalid(once(parsed.error.issues.map(toValidationError)))
  return { page: parsed.data.$page, pageSize: parsed.data.$pagesize }
}

function count(max: number, usual: number, error: string) {
  return z
    .string({ error })
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine((number) => number >= 1 && number <= max, error)
    .default(usual)
    .meta({ type: 'integer', pattern: undefined, minimum: 1, maximum: max })
}
