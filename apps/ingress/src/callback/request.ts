import { whyNotCallbackUrl } from '@ott/networks'
import type { WantedCallback } from '@ott/registry'
import { CallbackType } from '@ott/wire'
import { z } from 'zod'

import { invalid } from '../problem.ts'
import { once, toValidationError } from '../validation-errors.ts'
import { anyCase, choice, optionalFlag, text } from '../wire-values.ts'

/** Reads the body of a callback's registration. Throws a Problem that tells everything that is wrong with it. */
export type ReadCallbackRequest = (body: unknown) => WantedCallback

const urlMax = 2000

const types = Object.fromEntries(CallbackType.options.map((type) => [type, type]))
const unknownType = `Events has a value other than ${CallbackType.options.join(', ')}`

/** `hosts`: where callbacks may go beside public https, each a `host:port`. */
export function createReadCallbackRequest(hosts: readonly string[]): ReadCallbackRequest {
  const schema = createCallbackSchema(hosts)
  return (body) => {
    const parsed = schema.safeParse(body, { reportInput: true })
    if (!parsed.success) throw invalid(once(parsed.error.issues.map(toValidationError)))
    const { events = CallbackType.options, includeRequestBody = false } = parsed.data
    return { url: parsed.data.url, types: [...new Set(events)], includeRequestBody }
  }
}

/** The schema of a callback's registration. Property names may come in any case. `hosts` as above. */
export function createCallbackSchema(hosts: readonly string[]) {
  const urlText = text('Url', 'Url must be provided', { max: urlMax }).superRefine((given, context) => {
    const hindrance = whyNotCallbackUrl(given, hosts)
    if (hindrance !== undefined) context.addIssue(`Url is invalid: ${hindrance}`)
  })
  const url = urlText.meta({
    type: 'string',
    format: 'uri',
    maxLength: urlMax,
    description: 'Where events are POSTed to: https, at a public address, without user, password and fragment.',
  })
  const type = text('Event', unknownType).pipe(choice(types, unknownType))
  return anyCase(
    z.object(
      {
        url,
        events: z
          .array(type, { error: 'Events must be a list' })
          .min(1, 'Events must not be empty')
          .optional()
          .describe('What is told: all of these unless it is given.'),
        includeRequestBody: optionalFlag('IncludeRequestBody').describe(
          'Whether what was sent, and to whom, is told too: not unless `true` is given.',
        ),
      },
      { error: 'The request body must be an object' },
    ),
  )
}
