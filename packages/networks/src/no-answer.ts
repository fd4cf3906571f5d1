import { NoAnswer } from '@ott/delivery'

/** Failures to make a connection, which the network therefore cannot have seen the call of. */
const unconnected = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ENOTPUBLIC',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** That this host gave no answer, and what of. */
export function toNoAnswer(host: string, cause: unknown): NoAnswer {
  const code = codeOf(cause)
  return new NoAnswer(`${host} gave no answer (${code})`, !unconnected.has(code), { cause })
}

/** What went wrong, in a word: a code where there is one, such as ECONNREFUSED, and else the error's name. */
function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return String(cause)
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  return 'name' in cause ? String(cause.name) : 'no reason given'
}
