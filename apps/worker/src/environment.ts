import { EndpointEnvironment, networks } from '@ott/networks'
import {
  PaceEnvironment,
  ParkingEnvironment,
  QueueEnvironment,
  RetentionEnvironment,
  TakeShards,
  WorkerEnvironment,
} from '@ott/queue'
import { CredentialsEnvironment } from '@ott/registry'
import { BuildEnvironment, CommonEnvironment, count, Port, RedisEnvironment, TracingEnvironment } from '@ott/runtime'
import { z } from 'zod'

/** The first network's; each further network's worker has the next. */
const firstHealthPort = 9101

const names = Object.keys(networks)
const whichNetwork = `must say which network's deliveries to take: ${names.join(' or ')}`

const Network = z.string({ error: whichNetwork }).transform((name, context) => {
  const found = Object.entries(networks).find(([network]) => network === name)
  if (found !== undefined) return { name, definition: found[1], healthPort: firstHealthPort + names.indexOf(name) }
  context.addIssue({ code: 'custom', message: whichNetwork })
  return z.NEVER
})

/** A worker's configuration. */
export const Environment = z
  .object({
    ...CommonEnvironment.shape,
    ...BuildEnvironment.shape,
    ...TracingEnvironment.shape,
    ...RedisEnvironment.shape,
    ...QueueEnvironment.shape,
    ...RetentionEnvironment.shape,
    ...EndpointEnvironment.shape,
    ...CredentialsEnvironment.shape,
    ...WorkerEnvironment.shape,
    ...ParkingEnvironment.shape,
    ...PaceEnvironment.shape,
    NETWORK: Network.describe(`whose deliveries it takes: ${names.join(' or ')}`),
    TAKE_SHARDS: TakeShards.prefault('all').describe(
      'which queues it takes: `all`, or some such as `0,2`; with `other` (`0,2,other`) those of other layouts too',
    ),
    HEALTH_PORT: Port.optional().describe(
      `\`/health/live\`, \`/health/ready\`, \`/metrics\`; ${names.map((name, index) => `${firstHealthPort + index} for ${name}`).join(', ')}, unless set`,
    ),
    CONCURRENCY: count(1)
      .optional()
      .describe(
        `calls under way for one sender, of each queue that is taken; half as many more deliveries are, so that others find a place. ${Object.entries(
          networks,
        )
          .map(([name, { concurrency }]) => `${concurrency} for ${name}`)
          .join(', ')}, unless set`,
      ),
    NETWORK_TIMEOUT_MS: count(1).default(10_000).describe('how long a network may take to answer'),
    // A program that takes longer than 25 s to stop is ended.
    STOP_LIMIT_MS: count(0)
      .refine((limit) => limit <= 20_000, 'must be at most 20000')
      .default(15_000)
      .describe('how long a stop waits for deliveries under way; at most 20000'),
  })
  .refine(({ TAKE_SHARDS: { shards }, QUEUE_SHARDS }) => shards === 'all' || Math.max(...shards, 0) < QUEUE_SHARDS, {
    path: ['TAKE_SHARDS'],
    error: 'names a shard that is not there: they are numbered from 0, and there are QUEUE_SHARDS of them',
  })
  .transform(({ NETWORK: network, ...environment }) => ({
    ...environment,
    network: network.name,
    definition: network.definition,
    HEALTH_PORT: environment.HEALTH_PORT ?? network.healthPort,
    CONCURRENCY: environment.CONCURRENCY ?? network.definition.concurrency,
  }))
