import { createHash } from 'node:crypto'

import type { BatchRequest } from '@ott/client'
import { z } from 'zod'

import { Request } from './send-options.ts'

const Properties = z.record(z.string(), z.unknown())

/** What a row has that does not say so itself. */
export type Defaults = { readonly messageKey: string; readonly validityPeriod: string }

/**
 * The request of a row, with the Idempotency-Key that makes it safe to send again: it follows from the messageKey, the sender and the
 * recipient, and so is the same in every run, whatever else was mended in the file meanwhile.
 */
export function toRequest(body: object, defaults: Defaults): BatchRequest {
  const missing = Object.entries(defaults).filter(([name]) => isBlank(propertyOf(body, name)))
  const full = { ...body, ...Object.fromEntries(missing) }
  const given = propertyOf(body, 'idempotencyKey')
  return { ...Request.parse(full), idempotencyKey: typeof given === 'string' ? given : keyOf(full) }
}

function keyOf(body: object): string {
  const [from, to] = [propertyOf(body, 'from'), propertyOf(body, 'to')]
  const ottId = propertyOf(to, 'ottId')
  // The reference is short-lived: another one, for the same person, makes no other message.
  const recipient = isBlank(ottId) ? propertyOf(to, 'userReference') : ottId
  const parts = [
    propertyOf(body, 'messageKey'),
    propertyOf(from, 'senderType'),
    propertyOf(from, 'senderId'),
    recipient,
  ]
  return `ott-load-${createHash('sha256')
    .update(JSON.stringify(parts.map(String)))
    .digest('hex')}`
}

/** The API takes property names in any case; where one is there twice, the documented case goes first. */
function propertyOf(value: unknown, name: string): unknown {
  const properties = Properties.safeParse(value).data ?? {}
  if (Object.hasOwn(properties, name)) return properties[name]
  return Object.entries(properties).find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1]
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
