import { CallbackEnvironment } from '@ott/networks'
import { CredentialsEnvironment } from '@ott/registry'
import { BuildEnvironment, CommonEnvironment, count, Port, RedisEnvironment } from '@ott/runtime'
import { z } from 'zod'

/** The configuration of the callbacks program. */
export const Environment = z.object({
  ...CommonEnvironment.shape,
  ...BuildEnvironment.shape,
  ...RedisEnvironment.shape,
  ...CredentialsEnvironment.shape,
  ...CallbackEnvironment.shape,
  HEALTH_PORT: Port.default(9103).describe('`/health/live`, `/health/ready`, `/metrics`'),
  // A program that takes longer than 25 s to stop is ended.
  CALLBACK_TIMEOUT_MS: count(1)
    .refine((limit) => limit <= 20_000, 'must be at most 20000')
    .default(15_000)
    .describe('how long an endpoint may take to answer a callback; at most 20000'),
  CALLBACK_CONCURRENCY: count(1).default(10).describe('calls under way to one endpoint, from each process'),
  CALLBACK_DISABLE_HOURS: count(1)
    .default(5 * 24)
    .describe('a callback to which nothing has arrived for so long, though it was tried, is disabled'),
  CALLBACK_BACKLOG_MAX: count(1)
    .default(100_000)
    .describe('a callback for which more events wait is disabled, so that one endpoint does not fill Redis'),
})
