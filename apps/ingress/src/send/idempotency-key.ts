import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { stringify } from 'safe-stable-stringify'

import { invalidValue } from '../problem.ts'
import { isObject, propertyReader } from '../property-names.ts'
import { toText } from '../wire-values.ts'

const header = 'idempotency-key'
const lengthMax = 255

/** A string of https://www.rfc-editor.org/rfc/rfc9651#name-strings */
const quoted = /^"(?:[ !#-[\]-~]|\\["\\])*"$/

/** As most clients send it. Without a comma: several headers of a name may come as one list. */
const bare = /^[!#-+\--[\]-~]*$/

/**
 * The key by which a client makes a request safe to repeat, if it has one. Throws a Problem for a header that is none:
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function readIdempotencyKey(request: IncomingMessage): string | undefined {
  // Node puts all headers in order once more for `headersDistinct`, and most requests have no such header.
  if (request.headers[header] === undefined) return undefined
  const [given, ...further] = request.headersDistinct[header] ?? []
  if (given === undefined) return undefined
  if (further.length > 0) throw invalidValue('The Idempotency-Key header must be sent only once')
  const key = unquoted(given)
  if (key === undefined)
    throw invalidValue(
      'The Idempotency-Key must be visible ASCII characters; with a space, a comma, a quote or a backslash it must stand in double quotes',
    )
  return ofProperLength(key)
}

const keyProperty = 'idempotencyKey'
const keyOf = propertyReader(keyProperty)

/** Keys that a header can have. */
const visible = /^[ -~]*$/

/**
 * Takes apart one request of a batch, which has its key as a property: `body` is what it would be without the batch, so that the
 * same key and body are the same request on either way. Throws a Problem for a key that is none.
 */
export function splitOffKey(item: unknown): { readonly key: string | undefined; readonly body: unknown } {
  const given = keyOf(item)
  if (given === undefined || !isObject(item)) return { key: undefined, body: item }
  const key = typeof given === 'number' ? toText(given) : given
  if (typeof key !== 'string' || !visible.test(key))
    throw invalidValue('The idempotencyKey must be a string of visible ASCII characters')
  const others = Object.entries(item).filter(([name]) => name.toLowerCase() !== keyProperty.toLowerCase())
  return { key: ofProperLength(key), body: Object.fromEntries(others) }
}

function ofProperLength(key: string): string {
  if (key === '') throw invalidValue('The Idempotency-Key must not be empty')
  if (key.length > lengthMax) throw invalidValue(`The Idempotency-Key is longer than ${lengthMax} characters`)
  return key
}

/** The key as the log may have it: it is the client's own, and may say anything. */
export function toLoggedKey(key: string | undefined): string | undefined {
  return key === undefined ? undefined : createHash('sha256').update(key).digest('hex').slice(0, 16)
}

/** The same for the same JSON, whatever the order of its properties and the space between them. */
export function fingerprintOf(body: unknown): string {
  return createHash('sha256')
    .update(String(stringify(body)))
    .digest('base64url')
}

function unquoted(given: string): string | undefined {
  if (quoted.test(given)) return given.slice(1, -1).replaceAll(/\\(["\\])/g, '$1')
  return bare.test(given) ? given : undefined
}
