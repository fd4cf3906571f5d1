import { z } from 'zod'

import { isObject } from '../property-names.ts'

/** A schema of https://json-schema.org/draft/2020-12, or any other part of the document. */
export type Json = Readonly<Record<string, unknown>>

/**
 * A zod schema as the document has it: what a client sends, in the documented spelling. zod passes over what is transformed, as
 * nearly all is here; whether a property may be left out is found out by leaving it out.
 */
export function toJsonSchema(schema: z.core.$ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodPipe)
        Object.assign(jsonSchema, ofBoth(zodSchema, { ...jsonSchema }), z.globalRegistry.get(zodSchema))
      if (zodSchema instanceof z.ZodObject) Object.assign(jsonSchema, requirement(zodSchema.shape))
      // The format says it all, and better.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
      // That JSON's numbers end somewhere is nobody's concern.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  })
  return rest
}

/**
 * What goes into a pipe must be right at either end, of which zod tells one: what comes after a transformation, or else what comes
 * first. One of a few words is told by them alone.
 */
function ofBoth({ in: start, out: end }: z.ZodPipe, told: Json): Json {
  const [before, after] =
    start instanceof z.ZodTransform ? [z.globalRegistry.get(start), told] : [told, toJsonSchema(end)]
  return 'enum' in after ? { ...after, minLength: undefined, maxLength: undefined } : { ...before, ...after }
}

function requirement(shape: z.core.$ZodShape): Json {
  const required = Object.keys(shape).filter((name) => isMissed(shape[name]))
  return { required: required.length > 0 ? required : undefined }
}

/** Whether a property must be there. */
export function isMissed(property: z.core.$ZodType | undefined): boolean {
  return property !== undefined && !z.safeParse(property, undefined).success
}

/** A schema with one of its properties, at this path below it, changed. */
export function withProperty(
  schema: unknown,
  [name, ...below]: readonly string[],
  change: (given: Json) => Json,
): Json {
  const given = isObject(schema) ? schema : {}
  if (name === undefined) return change(given)
  const properties = isObject(given['properties']) ? given['properties'] : {}
  return { ...given, properties: { ...properties, [name]: withProperty(properties[name], below, change) } }
}

/** A reference to one of the document's components. */
export function refTo(kind: 'schemas' | 'responses' | 'headers', name: string): Json {
  return { $ref: `#/components/${kind}/${name}` }
}
