import { OttError, type ValidationError } from './ott-error.ts'

/** What a call was answered. `body` is the parsed JSON, `undefined` where it is none. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown }

/** Whether a JSON value is an object: neither a list nor null. */
export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The refusal that an answer is, in the form of the API or of OAuth (https://www.rfc-editor.org/rfc/rfc6749#section-5.2). */
export function toError({ status, headers, body }: Answer): OttError {
  const { message, error_description: description, error, errorcode, validationErrors } = isObject(body) ? body : {}
  const problems = readProblems(validationErrors)
  const said = [message, description, error].find((text) => typeof text === 'string' && text !== '')
  return new OttError(toMessage(status, said, problems), {
    status,
    errorcode: typeof errorcode === 'number' ? errorcode : undefined,
    validationErrors: problems,
    retryAfterMs: readRetryAfter(headers.get('retry-after')),
  })
}

/** A success that is not in the form of this API: something else answers at that address. */
export function notOurs({ status }: Answer): OttError {
  return new OttError(`The answer (HTTP ${status}) is not one of this API. Check the url.`, { status })
}

/**
 * What a Retry-After header, in seconds or as a date, asks for: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after.
 * `undefined` where it is none.
 */
export function readRetryAfter(header: string | null, now = Date.now()): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

// What is not JSON of ours, a proxy's page say, is not repeated: nobody knows what stands there.
function toMessage(status: number, said: unknown, problems: readonly ValidationError[]): string {
  if (typeof said !== 'string')
    return `The call was answered HTTP ${status}, by something that is not this API. Check the url.`
  return problems.length === 0 ? said : `${said}: ${problems.map(({ message }) => message).join('; ')}`
}

function readProblems(given: unknown): readonly ValidationError[] {
  if (!Array.isArray(given)) return []
  const items: readonly unknown[] = given
  return items.flatMap((item) =>
    isObject(item) && typeof item['message'] === 'string' && typeof item['errorcode'] === 'number'
      ? [{ message: item['message'], errorcode: item['errorcode'] }]
      : [],
  )
}
