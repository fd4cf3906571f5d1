import { z } from 'zod'

import { Content } from './content.ts'

/**
 * Who receives. `id` is the person's id on the network. `reference` is a second, usually short-lived way to reach the same
 * person (LINE's reply token, Messenger's user_ref) and goes before `id` where both are given.
 */
export const Recipient = z.object({ id: z.string().optional(), reference: z.string().optional() })
export type Recipient = z.infer<typeof Recipient>

/** Why the delivery may be sent; networks with a messaging window ask for it. `tagged` needs `tag`. */
export const Purpose = z.enum(['response', 'update', 'tagged'])
export type Purpose = z.infer<typeof Purpose>

/** How loudly the recipient's device announces it: sound, on screen only, or not at all. */
export const Alert = z.enum(['regular', 'silent', 'none'])
export type Alert = z.infer<typeof Alert>

/** The trace that a delivery belongs to, as headers tell it: https://www.w3.org/TR/trace-context/ */
const TraceContext = z.object({ traceparent: z.string(), tracestate: z.string().optional() })

/**
 * One message to one recipient on one network, of one to several contents. Immutable once queued.
 *
 * `id` is one id all the way: job id, LINE's retry key, the log's `deliveryId` and the status URL. `account` is whose it is. `key` and `groupKey` are
 * the client's own labels. `extras` are the client's further keys: kept for the status, never sent. `validity` is what the
 * client said of how long it is worth delivering, `expiresAt` what follows from it: it is never delivered later. `trace` is
 * there while it is traced, and nobody's delivery waits for one that cannot be read. Times are milliseconds since 1970.
 */
export const Delivery = z.object({
  id: z.uuid(),
  account: z.string(),
  network: z.string(),
  sender: z.string(),
  recipient: Recipient,
  contents: z.array(Content).min(1),
  key: z.string(),
  groupKey: z.string().optional(),
  subject: z.string().optional(),
  validity: z.string(),
  purpose: Purpose.optional(),
  tag: z.string().optional(),
  alert: Alert.optional(),
  extras: z.record(z.string(), z.unknown()).optional(),
  createdAt: z.number(),
  expiresAt: z.number().optional(),
  trace: TraceContext.optional().catch(undefined),
})
export type Delivery = Readonly<z.infer<typeof Delivery>>
