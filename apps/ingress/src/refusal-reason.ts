import type { ServerResponse } from 'node:http'

import { errorcodes, type Problem } from './problem.ts'

const names = new Map<number, string>(Object.entries(errorcodes).map(([name, code]) => [code, name]))

/** Of answers that were given lately, and were refusals. */
const reasons = new WeakMap<ServerResponse, string>()

/** Why a request is refused: the name of its error code; of a body with several problems, of the first one's. */
export function nameOfReason({ errorcode, validationErrors }: Pick<Problem, 'errorcode' | 'validationErrors'>): string {
  const [{ errorcode: first }] = validationErrors?.length ? validationErrors : [{ errorcode }]
  return names.get(first) ?? 'generic'
}

/** Notes why a request is refused. */
export function noteReason(response: ServerResponse, problem: Pick<Problem, 'errorcode' | 'validationErrors'>): void {
  reasons.set(response, nameOfReason(problem))
}

/** Why the request was refused; '' of one that was not. */
export function reasonOf(response: ServerResponse): string {
  return reasons.get(response) ?? ''
}
