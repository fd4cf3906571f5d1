import { z } from 'zod'

/** One variable of a program's environment, for people. `usual` is what it is when it is not set, as one would set it. */
export type Variable = {
  readonly name: string
  readonly description: string
  readonly isRequired: boolean
  readonly usual: string
}

/** The variables that a schema reads, in its order; what is said of each is its `describe`. Throws for one that nothing is said of. */
export function describeVariables(schema: z.ZodType): readonly Variable[] {
  return Object.entries(objectIn(schema).shape).map(([name, read]) => {
    const { description } = read
    if (description === undefined) throw new Error(`${name} needs a description: .describe(…), as its last step`)
    return { name, description, isRequired: !read.safeParse(undefined).success, usual: usualOf(read) }
  })
}

/** Where a program's schema ends in checks and transformations of the whole, the object that they begin with. */
function objectIn(schema: z.core.$ZodType): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema
  if (schema instanceof z.ZodPipe) return objectIn(schema.in)
  throw new Error('an environment is read by an object schema')
}

/** A default that a transformation follows is inside of that. */
function usualOf(read: z.core.$ZodType): string {
  if (read instanceof z.ZodDefault || read instanceof z.ZodPrefault) return String(read.def.defaultValue)
  return read instanceof z.ZodPipe ? usualOf(read.in) : ''
}

/** What `--help` prints of a program. */
export function helpOf(name: string, variables: readonly Variable[]): string {
  const width = Math.max(...variables.map((variable) => variable.name.length))
  const lines = variables.map(
    (variable) => `  ${variable.name.padEnd(width)}  ${variable.description}${usualText(variable)}`,
  )
  return `${name} of ott-dispatcher. It takes no arguments, and is set up by its environment:\n\n${lines.join('\n')}\n`
}

function usualText({ usual, isRequired }: Variable): string {
  if (isRequired) return ' (required)'
  return usual === '' ? '' : ` (default: ${usual})`
}
