import { EndpointEnvironment } from '@ott/networks'
import { QueueEnvironment, RetentionEnvironment } from '@ott/queue'
import { CredentialsEnvironment, KeyList } from '@ott/registry'
import { CommonEnvironment, count, MemoryGuardEnvironment, Port, RedisEnvironment, TrustedProxies } from '@ott/runtime'
import { z } from 'zod'

import { ValidityUnit } from './send/validity.ts'

/** The ingress's configuration. `BODY_LIMIT` and `BATCH_BODY_LIMIT` are in bytes. */
export const Environment = z.object({
  ...CommonEnvironment.shape,
  ...RedisEnvironment.shape,
  ...QueueEnvironment.shape,
  ...RetentionEnvironment.shape,
  ...EndpointEnvironment.shape,
  ...CredentialsEnvironment.shape,
  ...MemoryGuardEnvironment.shape,
  /** Signs access tokens. */
  TOKEN_KEY: KeyList,
  PORT: Port.default(8080),
  HEALTH_PORT: Port.default(9100),
  /** Processes that share `PORT`: one for each core that is to take requests. */
  INGRESS_PROCESSES: count(1).default(1),
  BODY_LIMIT: count(1).default(256 * 1024),
  /** Of a whole batch; each of its requests is held to `BODY_LIMIT`. */
  BATCH_BODY_LIMIT: count(1).default(4 * 1024 * 1024),
  /** Of each client that has no rate of its own. */
  REQUESTS_PER_SECOND: count(1).default(1000),
  /** Of each sender, in this process: what is over it is delivered after everybody else's. */
  SENDER_SHARE_PER_SECOND: count(1).default(100),
  /** Told in every error: where a client's developer can read about it. */
  DOCUMENTATION_URL: z.string().default(''),
  /** Where clients reach this API; clients are told with their token. Without it, where their own request came to. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://ott.example.com' })
    .transform((url) => (url.endsWith('/') ? url : `${url}/`))
    .optional(),
  /** What a validityPeriod that is a bare number counts. Without it such a number is kept, and nothing follows from it. */
  VALIDITY_PERIOD_UNIT: ValidityUnit.optional(),
  TRUST_PROXY: TrustedProxies.default(0),
})
