import { FailedPosition } from '@ott/queue'
import { z } from 'zod'

import { nameMax, optionalText } from '../wire-values.ts'

const invalid = 'Cursor is invalid: send the one of the answer before, as it is'

/** Where the next call goes on, as clients hand it back. */
export function toCursor(position: FailedPosition): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** A cursor that may be left out. Anybody can write one: it leads nowhere but among the caller's own deliveries. */
export function optionalCursor(networks: readonly string[]) {
  const position = FailedPosition.refine(({ network, id }) => networks.includes(network) && id.length <= nameMax)
  return optionalText('Cursor', { max: 4 * nameMax }).transform((cursor, context) => {
    if (cursor === undefined) return undefined
    const read = position.safeParse(parsed(Buffer.from(cursor, 'base64url').toString()))
    if (read.success) return read.data
    context.addIssue(invalid)
    return z.NEVER
  })
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
