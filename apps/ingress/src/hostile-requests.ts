import * as fc from 'fast-check'

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))

/** Names that every object in JavaScript answers to, and others that mean something to some code. */
const name = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'then',
    'toJSON',
    '$ne',
    'length',
  ),
  text,
)

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 }),
  fc.array(fc.oneof(fc.integer(), fc.constant(null), text), { maxLength: 60 }),
  fc.constantFrom<unknown>(-0, 1e308, 2 ** 53, -1, '', ' ', '\0', '\ud800', 'x'.repeat(6000), [[[[]]]], {}, true),
)

/** JSON with one of its values replaced. */
function withAnother(body: unknown, place: number, other: unknown): string {
  let passed = 0
  return JSON.stringify(body, (_name, inner: unknown) => (passed++ === place ? other : inner)) ?? ''
}

/** JSON with one of its names replaced: by one that was there already, now and then. */
function withRenamed(body: unknown, place: number, other: string): string {
  let passed = 0
  return JSON.stringify(body).replace(/"\w+":/g, (found) => (passed++ === place ? `${JSON.stringify(other)}:` : found))
}

/** Bodies that are near to these, and bodies that are near to nothing. */
export function hostileBody(bodies: readonly unknown[]) {
  const body = fc.constantFrom(...bodies)
  const names = [...new Set(JSON.stringify(bodies).match(/\w+(?=":)/g))]
  const otherName = fc.oneof(
    name,
    fc.constantFrom(...names),
    fc.constantFrom(...names.map((known) => known.toUpperCase())),
  )
  return fc.oneof(
    { weight: 8, arbitrary: fc.tuple(body, fc.nat(25), value).map((given) => withAnother(...given)) },
    { weight: 4, arbitrary: fc.tuple(body, fc.nat(15), otherName).map((given) => withRenamed(...given)) },
    { weight: 2, arbitrary: fc.tuple(body, fc.nat(300)).map(([whole, end]) => JSON.stringify(whole).slice(0, end)) },
    { weight: 2, arbitrary: value.map((given) => JSON.stringify(given)) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)) },
    { weight: 1, arbitrary: fc.tuple(name, text).map((pair) => new URLSearchParams([pair]).toString()) },
    { weight: 1, arbitrary: fc.nat(2000).map((depth) => '{"a":['.repeat(depth) + ']}'.repeat(depth)) },
  )
}

/** Mostly none: what is wrong with a body is seen where the headers are right. */
export const hostileHeaders = fc.oneof(
  { weight: 9, arbitrary: fc.constant<Record<string, string>>({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { 'content-encoding': 'gzip' },
      { 'content-encoding': 'br' },
      { 'content-encoding': 'gzip, gzip' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'application/json; charset="' },
      { 'content-type': 'multipart/form-data' },
      { 'x-request-id': '{"a":1}' },
      { 'x-forwarded-host': 'evil.example/' },
    ),
  },
)

const encoded = fc.oneof(
  fc.string({ unit: 'grapheme' }).map(encodeURIComponent),
  fc.stringMatching(/^(%[0-9A-F]{2}|[\w.~!$&'()*+,;=:@-])*$/),
  fc.constantFrom('line', 'messenger', '..', '%2e%2e', '%2F', '%00', 'order-4711', '1656000000'),
)

/** Paths of the API with anything in them. */
export const hostilePath = fc
  .tuple(fc.constantFrom('send', 'registration', 'registration/line', ''), fc.array(encoded, { maxLength: 3 }), encoded)
  .map(([route, parts, query]) => `/ott/v1/${[route, ...parts].join('/')}?$page=${query}&${query}`)
