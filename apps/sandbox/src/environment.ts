import { CommonEnvironment, count, Port } from '@ott/runtime'
import { z } from 'zod'

import type { Dispatcher } from './journey/dispatcher.ts'

/** The sandbox's configuration. */
export const Environment = z
  .object({
    ...CommonEnvironment.shape,
    PORT: Port.default(8082).describe('LINE under `/line`, Messenger under `/messenger`, the chats at `/`'),
    REPLY_TOKEN_LIFETIME_SECONDS: count(1).default(60).describe('how long a LINE reply token is good for'),
    LEDGER_MAX: count(1)
      .default(1_000_000)
      .describe('accepted calls kept (some 1.2 KB of memory each), and at least half as many retry keys'),
    CALLS_MAX: count(1).default(10_000).describe('received calls kept'),
    OTT_URL: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .optional()
      .describe("of the dispatcher's API, for the page's commands; `npm start` sets it"),
    OTT_CLIENT_ID: z
      .string()
      .optional()
      .describe(
        "the client as which the page's journeys ask the dispatcher what became of a message; needs the right to read",
      ),
    OTT_CLIENT_SECRET: z.string().optional().describe('its secret'),
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
