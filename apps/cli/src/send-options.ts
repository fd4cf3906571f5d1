import type { SendRequest } from '@ott/client'
import { InvalidArgumentError } from '@commander-js/extra-typings'
import { z } from 'zod'

import { toNetwork } from './sender-options.ts'

/** What a message is worth delivering where nobody says otherwise: a day. */
export const usualValidity = 'P1D'

/** Whom a message is for: `line:U…`, and the network alone for somebody who is known by a user_ref only. */
export type Recipient = { readonly network: string; readonly id: string | undefined }

/** Reads `network:id`. */
export function toRecipient(text: string): Recipient {
  const at = text.indexOf(':')
  const { network } = toNetwork(at < 0 ? text : text.slice(0, at))
  return { network, id: at < 0 || at === text.length - 1 ? undefined : text.slice(at + 1) }
}

const Contents = z.union([
  z.array(z.record(z.string(), z.unknown())).nonempty(),
  z.record(z.string(), z.unknown()).transform((one) => [one]),
])

/** Contents as JSON: one, or a list of them. What is in them is for the API to judge. */
export function toContents(text: string): readonly object[] {
  try {
    return Contents.parse(JSON.parse(text))
  } catch {
    throw new InvalidArgumentError(
      'It must be JSON: a content such as {"type":"text","text":"Hello"}, or a list of them.',
    )
  }
}

/**
 * A request as the API's client takes it. It is only looked at whether it is an object: the API tells all that is wrong with it, at
 * once and in its own words.
 */
export const Request = z.custom<SendRequest>((value) => z.record(z.string(), z.unknown()).safeParse(value).success)
