import { RetentionEnvironment } from '@ott/queue'
import { CommonEnvironment, count, Port, RedisEnvironment } from '@ott/runtime'
import { z } from 'zod'

const Host = z
  .string()
  .trim()
  .regex(/^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i, 'must be hosts such as api.line.me or 127.0.0.1:8082')

/** The ingress's configuration. `BODY_LIMIT` is in bytes. */
export const Environment = z.object({
  ...CommonEnvironment.shape,
  ...RedisEnvironment.shape,
  ...RetentionEnvironment.shape,
  PORT: Port.default(8080),
  HEALTH_PORT: Port.default(9100),
  BODY_LIMIT: count(1).default(256 * 1024),
  /** Where senders may have their endpoints, separated by commas: each a `host` or `host:port`. */
  ENDPOINT_HOSTS: z
    .string()
    .default('api.line.me,graph.facebook.com')
    .transform((hosts) => hosts.split(','))
    .pipe(z.array(Host)),
  /** Told in every error: where a client's developer can read about it. */
  DOCUMENTATION_URL: z.string().default(''),
})
