import type { z } from 'zod'

import type { Answer } from '../call.ts'

/** An error in LINE's shape: https://developers.line.biz/en/reference/messaging-api/#error-responses */
export function refusal(status: number, message: string): Answer {
  return { status, body: { message } }
}

/** An error of the token endpoint, which has a shape of its own. */
export function oauthRefusal(error: string, description: string): Answer {
  return { status: 400, body: { error, error_description: description } }
}

export const unauthorized = refusal(
  401,
  'Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization header is valid.',
)
export const invalidReplyToken = refusal(400, 'Invalid reply token')
export const undeliverable = refusal(400, 'Failed to send messages')

/** What is wrong with a body that is JSON. A bad address is told in another way than bad messages are. */
export function invalidBody(issues: readonly z.core.$ZodIssue[]): Answer {
  const address = issues.find(({ path }) => path[0] === 'to' || path[0] === 'replyToken')
  if (address !== undefined)
    return refusal(
      400,
      `The property, '${String(address.path[0])}', in the request body is invalid (line: -, column: -)`,
    )
  const details = issues.map(({ message, path }) => ({ message, property: toProperty(path) }))
  return { status: 400, body: { message: `The request body has ${details.length} error(s)`, details } }
}

/** `messages[0].text`; nothing for the body itself. */
function toProperty(path: readonly PropertyKey[]): string | undefined {
  if (path.length === 0) return undefined
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}
