import { z } from 'zod'

/** A JSON object that is handed on as it is. `name` is what messages call it, `missing` is said when it is not there. */
export function blob(name: string, missing: string) {
  return z
    .record(z.string(), z.unknown(), {
      error: ({ input }) => (input === undefined ? missing : `${name} must be an object`),
    })
    .superRefine((value, context) => {
      if (holdsRounded(value)) context.addIssue(`${name} ${rounded}`)
    })
}

/** Completes the sentence "<name> …" where something in it {@link holdsRounded}. */
export const rounded = 'holds a number too large to be exact: send it as a string'

/** Whether a JSON value holds a number that is no longer the one that was sent. How deep it may be nested is bounded. */
export function holdsRounded(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsRounded)
}
