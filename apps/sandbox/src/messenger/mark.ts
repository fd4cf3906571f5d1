import { createHash } from 'node:crypto'

import type { Mark } from '../ledger.ts'

/** What a send of any form is known by: its message's metadata, or else what it carries, and to whom. */
export function markOf(body: unknown): Mark | undefined {
  if (typeof body !== 'object' || body === null || !('message' in body)) return undefined
  const { message } = body
  if (typeof message !== 'object' || message === null) return undefined
  if ('metadata' in message && typeof message.metadata === 'string') return message.metadata
  const recipient: unknown = Reflect.get(body, 'recipient')
  const digest = createHash('sha256')
    .update(JSON.stringify([recipient, message]))
    .digest('hex')
  return `payload ${digest.slice(0, 12)}`
}
