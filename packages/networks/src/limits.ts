import type { z } from 'zod'

type Context = z.core.$RefinementCtx

/** Reports that a content lacks a property the network cannot do without. */
export function missing(context: Context, property: string): void {
  context.addIssue({ code: 'custom', path: [property], message: 'must be provided', params: { missing: true } })
}

/** Reports a value the network does not take. `message` completes the sentence "<property> …". */
export function invalid(context: Context, property: string, message: string): void {
  context.addIssue({ code: 'custom', path: [property], message })
}
