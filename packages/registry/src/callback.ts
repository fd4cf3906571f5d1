import { z } from 'zod'

/**
 * Why nothing is told. `operator`: by hand; `gone`: the endpoint answered 410; `failing`: it has failed for days; `backlog`: more waits
 * than is kept.
 */
export const DisablingReason = z.enum(['operator', 'gone', 'failing', 'backlog'])
export type DisablingReason = z.infer<typeof DisablingReason>

/** Where an account is told what becomes of its deliveries. Times are milliseconds since 1970. */
export const Callback = z.object({
  /** Of its own from when it is made until it is removed: what waits for one is never told to the next. */
  id: z.uuid(),
  account: z.string(),
  url: z.string(),
  /** The types of events that are told. */
  types: z.array(z.string()),
  /** Whether what was sent, and to whom, is told, too. */
  includeRequestBody: z.boolean(),
  createdAt: z.number(),
  /** What happened before is not told by itself. */
  since: z.number(),
  /** Since when nothing has arrived, though it was tried, and what came of the first of these tries. */
  failing: z.object({ since: z.number(), message: z.string() }).optional(),
  disabled: z.object({ at: z.number(), reason: DisablingReason }).optional(),
})
export type Callback = Readonly<z.infer<typeof Callback>>

/** What a client says of its callback. */
export type WantedCallback = Pick<Callback, 'url' | 'types' | 'includeRequestBody'>

/** A secret is told in this moment only. */
export type CallbackWithSecret = { readonly callback: Callback; readonly secret: string }

/** Whether an event of this type, at this time, is told to it. */
export function isTold({ disabled, types, since }: Callback, event: { readonly type: string; readonly at: number }) {
  return disabled === undefined && event.at >= since && types.includes(event.type)
}
