import type { Answer } from '@ott/delivery'

/** When an answer says that a call may be made again, in milliseconds from now: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function retryAfterMs({ headers }: Answer, now = Date.now()): number | undefined {
  const given = headers['retry-after']
  if (typeof given !== 'string') return undefined
  if (/^\d{1,9}$/.test(given)) return Number(given) * 1000
  const at = Date.parse(given)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
