import { z } from 'zod'

import { documentedCase, isObject } from './property-names.ts'

/**
 * As a string what clients send as a string or a number, and `undefined` when it is blank. All else stays as it is, for the
 * schema to refuse: among it numbers so large that JSON has already rounded them.
 */
export function toText(given: unknown): unknown {
  if (typeof given === 'number' && Math.abs(given) <= Number.MAX_SAFE_INTEGER) return String(given)
  return typeof given === 'string' && given.trim() === '' ? undefined : given
}

/** Longer than any id, key or credential there is; what is kept in memory by its name must not be longer. */
export const nameMax = 1000

/** How long a string may be, in characters of Unicode, and what is said of a longer one. */
type Length = { readonly max: number; readonly error?: string }

/**
 * A string that must be there; `missing` is said when it is not. It is one step rather than zod's own chain of four, which took
 * half of the time of a whole validation.
 */
export function text(name: string, missing: string, length: Length = { max: nameMax }) {
  const read = z.transform((given: unknown, context): string => {
    const value = readText(given, name, length, context)
    if (value !== undefined) return value
    if (context.issues.length === 0) context.addIssue({ code: 'custom', message: missing, params: { missing: true } })
    return z.NEVER
  })
  return read.meta(toTextSchema(length))
}

/** A string that may be left out. */
export function optionalText(name: string, length: Length = { max: nameMax }) {
  const read = z.transform((given: unknown, context) => readText(given, name, length, context))
  return read.meta(toTextSchema(length)).optional()
}

/** What the API's document says of it: a transformation says nothing of itself. */
function toTextSchema({ max }: Length) {
  return { type: 'string', minLength: 1, ...(Number.isFinite(max) && { maxLength: max }) } as const
}

function readText(given: unknown, name: string, { max, error }: Length, context: z.core.$RefinementCtx) {
  const value = toText(given)
  if (value === undefined) return undefined
  if (typeof value !== 'string') {
    context.addIssue({ code: 'invalid_type', expected: 'string', message: wrongText(name, value) })
    return z.NEVER
  }
  // Most are shorter even in UTF-16 units, of which a character has one or two.
  if (value.length > max && Array.from(value).length > max) context.addIssue(error ?? tooLong(name, max))
  return value
}

/** A yes or no that must be there. Clients write it as true, 1, "true" or "1". */
export function flag(name: string) {
  return z.preprocess(
    toFlag,
    z.boolean({ error: ({ input }) => (input === undefined ? `${name} must be provided` : wrongFlag(name)) }),
  )
}

/** A yes or no that may be left out. */
export function optionalFlag(name: string) {
  return z.preprocess(toFlag, z.boolean({ error: wrongFlag(name) }).optional())
}

/** One of a few words, in any case, each with what it means here. */
export function choice<Meaning extends string>(words: Readonly<Record<string, Meaning>>, invalid: string) {
  const meanings = new Map(Object.entries(words).map(([word, meaning]) => [word.toLowerCase(), meaning]))
  const read = z.transform((word: string, context): Meaning => {
    const meaning = meanings.get(word.toLowerCase())
    if (meaning !== undefined) return meaning
    context.addIssue(invalid)
    return z.NEVER
  })
  return read.meta({ type: 'string', enum: Object.keys(words) })
}

/** An object whose property names may come in any case. */
export function anyCase<Schema extends z.ZodObject>(schema: Schema) {
  return z.preprocess(documentedCase(Object.keys(schema.shape)), schema)
}

/**
 * Parameters of a `refine` that tells of something missing: it is looked at even where another property is at fault, so that
 * a client learns of all problems at once.
 */
export function absence(message: string) {
  return { error: message, params: { missing: true }, when: ({ value }: { value: unknown }) => isObject(value) }
}

const flags = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
])

function toFlag(given: unknown): unknown {
  const plain = toText(given)
  return flags.get(typeof plain === 'string' ? plain.toLowerCase() : plain) ?? plain
}

function wrongText(name: string, input: unknown): string {
  return typeof input === 'number'
    ? `${name} is a number too large to be exact: send it as a string`
    : `${name} must be a string`
}

function tooLong(name: string, max: number): string {
  return `${name} is longer than ${max} characters`
}

function wrongFlag(name: string): string {
  return `${name} must be true or false`
}
