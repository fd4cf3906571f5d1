import { z } from 'zod'

/** Deeper than any network's message, and far from where a recursion over it would end. */
const depthMax = 100

/** A JSON object that is handed on as it is. `name` is what messages call it, `missing` is said when it is not there. */
export function blob(name: string, missing: string) {
  return z
    .record(z.string(), z.unknown(), {
      error: ({ input }) => (input === undefined ? missing : `${name} must be an object`),
    })
    .superRefine((value, context) => {
      const hindrance = whyNotAsItIs(value)
      if (hindrance !== undefined) context.addIssue(`${name} ${hindrance}`)
    })
}

/** Completes the sentence "<name> …" with what keeps a JSON value from being handed on exactly as it came. */
export function whyNotAsItIs(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER)
    return 'holds a number too large to be exact: send it as a string'
  if (typeof value !== 'object' || value === null) return undefined
  if (depth === depthMax) return `is nested deeper than ${depthMax} levels`
  for (const inner of Object.values(value)) {
    const hindrance = whyNotAsItIs(inner, depth + 1)
    if (hindrance !== undefined) return hindrance
  }
  return undefined
}
