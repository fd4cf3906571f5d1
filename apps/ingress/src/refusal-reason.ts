import type { ServerResponse } from 'node:http'

import { errorcodes, type Problem } from './problem.ts'

const names = new Map<number, string>(Object.entries(errorcodes).map(([name, code]) => [code, name]))

/** Of answers that were given lately, and were refusals. */
const reasons = new WeakMap<ServerResponse, string>()

/** Notes why a request is refused, by the name of its error code; of a body with several problems, of the first one's. */
export function noteReason(
  response: ServerResponse,
  { errorcode, validationErrors }: Pick<Problem, 'errorcode' | 'validationErrors'>,
): void {
  const [{ errorcode: first }] = validationErrors?.length ? validationErrors : [{ errorcode }]
  reasons.set(response, names.get(first) ?? 'generic')
}

/** Why the request was refused; '' of one that was not. */
export function reasonOf(response: ServerResponse): string {
  return reasons.get(response) ?? ''
}
