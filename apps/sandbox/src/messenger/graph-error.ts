import { randomBytes } from 'node:crypto'

import type { Answer } from '../call.ts'

/** An error as Graph tells it: https://developers.facebook.com/docs/graph-api/guides/error-handling */
export type GraphError = {
  readonly message: string
  readonly code: number
  readonly subcode?: number | undefined
  readonly type?: string
  readonly isTransient?: boolean | undefined
  readonly status?: number | undefined
}

/** Graph's statuses say little: most errors come as 400, whatever their cause. */
export function graphError(error: GraphError): Answer {
  const { message, code, subcode, type = 'OAuthException', isTransient, status = 400 } = error
  return {
    status,
    body: {
      error: {
        message,
        type,
        code,
        error_subcode: subcode,
        is_transient: isTransient,
        fbtrace_id: `A${randomBytes(16).toString('base64url')}`,
      },
    },
  }
}

/** A parameter that is not as it must be; `detail` completes "(#100) …". */
export function badParameter(detail: string, subcode?: number): Answer {
  return graphError({ message: `(#100) ${detail}`, code: 100, subcode })
}
