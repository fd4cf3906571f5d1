import { CommonEnvironment, count, Port } from '@ott/runtime'
import { z } from 'zod'

import type { Dispatcher } from './journey/dispatcher.ts'

/** The sandbox's configuration. */
export const Environment = z
  .object({
    ...CommonEnvironment.shape,
    PORT: Port.default(8082),
    REPLY_TOKEN_LIFETIME_SECONDS: count(1).default(60),
    LEDGER_MAX: count(1).default(1_000_000),
    CALLS_MAX: count(1).default(10_000),
    /** Where the dispatcher's API is, for the page. */
    OTT_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
    /** The client as which the page's questions are asked. */
    OTT_CLIENT_ID: z.string().optional(),
    OTT_CLIENT_SECRET: z.string().optional(),
  })
  .refine(({ OTT_CLIENT_ID: id, OTT_CLIENT_SECRET: secret }) => (id === undefined) === (secret === undefined), {
    path: ['OTT_CLIENT_SECRET'],
    error: 'must be set together with OTT_CLIENT_ID',
  })

/** The dispatcher that the page is about, if one is named. */
export function dispatcherOf({ OTT_URL: url, ...environment }: z.infer<typeof Environment>): Dispatcher | undefined {
  const { OTT_CLIENT_ID: id, OTT_CLIENT_SECRET: secret } = environment
  if (url === undefined) return undefined
  return { url, client: id === undefined || secret === undefined ? undefined : { id, secret } }
}
