import { CallbackEnvironment, EndpointEnvironment } from '@ott/networks'
import { QueueEnvironment, RetentionEnvironment } from '@ott/queue'
import { CredentialsEnvironment, KeyList } from '@ott/registry'
import {
  BuildEnvironment,
  CommonEnvironment,
  count,
  MemoryGuardEnvironment,
  Port,
  RedisEnvironment,
  TracingEnvironment,
  TrustedProxies,
} from '@ott/runtime'
import { z } from 'zod'

import { ValidityUnit } from './send/validity.ts'

/** The ingress's configuration. */
export const Environment = z.object({
  ...CommonEnvironment.shape,
  ...BuildEnvironment.shape,
  ...TracingEnvironment.shape,
  ...RedisEnvironment.shape,
  ...QueueEnvironment.shape,
  ...RetentionEnvironment.shape,
  ...EndpointEnvironment.shape,
  ...CallbackEnvironment.shape,
  ...CredentialsEnvironment.shape,
  ...MemoryGuardEnvironment.shape,
  TOKEN_KEY: KeyList.describe('signs access tokens: as CREDENTIALS_KEY'),
  PORT: Port.default(8080).describe('of the API'),
  HEALTH_PORT: Port.default(9100).describe(
    '`/health/live`, `/health/ready`, `/metrics`; the first two are at `PORT` too',
  ),
  INGRESS_PROCESSES: count(1)
    .default(1)
    .describe(
      'processes that share `PORT`, one for each core that is to take requests; health and metrics of all are at `HEALTH_PORT`',
    ),
  BODY_LIMIT: count(1)
    .default(256 * 1024)
    .describe('bytes of the largest request'),
  BATCH_BODY_LIMIT: count(1)
    .default(4 * 1024 * 1024)
    .describe('bytes of the largest batch; each request in it is held to `BODY_LIMIT`'),
  REQUESTS_PER_SECOND: count(1)
    .default(1000)
    .describe('of each client without a rate of its own, over all ingress processes'),
  SENDER_SHARE_PER_SECOND: count(1)
    .default(100)
    .describe(
      "of each sender, in each process, with two seconds' worth at once: what is over it is delivered after everybody else's. As many replies go first",
    ),
  DOCUMENTATION_URL: z.string().default('').describe('told in every error: where a client can read about it'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://ott.example.com' })
    .transform((url) => (url.endsWith('/') ? url : `${url}/`))
    .optional()
    .describe("where clients reach the API, told with each token; the request's own address unless set"),
  VALIDITY_PERIOD_UNIT: ValidityUnit.optional().describe(
    '`seconds`, `minutes`, `hours` or `days`: the unit of a bare `validityPeriod`, which is then enforced',
  ),
  TRUST_PROXY: TrustedProxies,
})
