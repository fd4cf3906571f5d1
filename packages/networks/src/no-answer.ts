import { NoAnswer } from '@ott/delivery'

/** That this host gave no answer, and what of. `reached`: it may have seen the call. */
export function toNoAnswer(host: string, cause: unknown, reached: boolean): NoAnswer {
  return new NoAnswer(`${host} gave no answer (${codeOf(cause)})`, reached, { cause })
}

/** What went wrong, in a word: a code where there is one, such as ECONNREFUSED, and else the error's name. */
function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return String(cause)
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  return 'name' in cause ? String(cause.name) : 'no reason given'
}
