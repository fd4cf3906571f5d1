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
import { CommonEnvironment, count, Port, RedisEnvironment, TracingEnvironment } from '@ott/runtime'
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
    ...TracingEnvironment.shape,
    ...RedisEnvironment.shape,
    ...QueueEnvironment.shape,
    ...RetentionEnvironment.shape,
    ...EndpointEnvironment.shape,
    ...CredentialsEnvironment.shape,
    ...WorkerEnvironment.shape,
    ...ParkingEnvironment.shape,
    ...PaceEnvironment.shape,
    NETWORK: Network,
    /** `all` queues there are; or these shards, such as `0,2`, and with `other` the queues of other layouts. */
    TAKE_SHARDS: TakeShards.default({ shards: 'all', others: true }),
    HEALTH_PORT: Port.optional(),
    /** Deliveries in hand at the same time, of each queue that is taken. */
    CONCURRENCY: count(1).optional(),
    NETWORK_TIMEOUT_MS: count(1).default(10_000),
    // A program that takes longer than 25 s to stop is ended.
    STOP_LIMIT_MS: count(0)
      .refine((limit) => limit <= 20_000, 'must be at most 20000')
      .default(15_000),
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
