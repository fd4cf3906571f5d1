import { networks } from '@ott/networks'
import { createIdempotencyRecords, DeliveryQueues, FailedDeliveries } from '@ott/queue'
import { CallbackRegistry, ClientRegistry, exposeCallbacks, SenderRegistry } from '@ott/registry'
import {
  closeRedis,
  createHealth,
  createMemoryGuard,
  exposeRedis,
  openRedis,
  type Program,
  type Redis,
  redisCheck,
} from '@ott/runtime'
import type { Registry } from 'prom-client'
import type { z } from 'zod'

import type { Collaborators } from './app.ts'
import type { Environment } from './environment.ts'
import { type Lanes, openLanes } from './lanes.ts'
import { createRequestLimit } from './request-limit.ts'
import { createAccessTokens } from './token/access-token.ts'
import { createItemCount, type ItemCount } from './send/batch-metrics.ts'
import { createGuessLimit } from './token/guess-limit.ts'

/** Puts what Redis says of itself, and which callbacks there are, among a program's metrics. */
type Exposing = {
  readonly exposeRedis: (registry: Registry) => void
  readonly exposeCallbacks: (registry: Registry) => void
}

/** Connects to Redis, and opens all that the ingress works with there. */
export async function openCollaborators(
  program: Program<z.output<typeof Environment>>,
): Promise<Collaborators & Lanes & ItemCount & Exposing> {
  const { environment, logger, onStop, tracing } = program
  const redis = await openRedis(environment.REDIS_URL, 'failing', logger)
  onStop(() => closeRedis(redis))
  const memory = createMemoryGuard(redis, { percent: environment.REDIS_MEMORY_PERCENT, logger })
  onStop(() => memory.close())
  const queues = new DeliveryQueues(Object.keys(networks), redis, environment, environment.QUEUE_SHARDS)
  onStop(() => queues.close())
  const failed = new FailedDeliveries(Object.keys(networks), redis)
  onStop(() => failed.close())
  const { senders, clients, callbacks } = await openRegistries(redis, program)

  return {
    networks,
    ...openLanes(queues, { sharePerSecond: environment.SENDER_SHARE_PER_SECOND, logger, tracing }),
    ...createItemCount(),
    tracing,
    ...asConfigured(environment),
    verifyClient: (id, secret) => clients.verify(id, secret),
    findClient: (id) => clients.find(id),
    ...inRedis(redis, environment),
    queueOf: (delivery) => queues.queueOf(delivery),
    whyNotNow: memory.whyNotNow,
    findHistory: (account, idOrKey) => queues.find(account, idOrKey),
    findSender: (account, network, id) => senders.find(account, network, id),
    registerSender: (sender) => senders.register(sender),
    listSenders: (account, network, page, pageSize) => senders.list(account, network, page, pageSize),
    removeSender: (account, network, id) => senders.remove(account, network, id),
    callbacks,
    exposeCallbacks: (registry) => exposeCallbacks(registry, callbacks),
    countFailed: (selection, bounds) => failed.count(selection, bounds),
    redriveFailed: (selection, bounds) => failed.redrive(selection, bounds),
    health: createHealth({ redis: redisCheck(redis), memory: memory.check }),
    logger,
  }
}

/** What needs nothing but a connection. */
function inRedis(redis: Redis, environment: z.output<typeof Environment>) {
  return {
    countRequest: createRequestLimit(redis, environment.REQUESTS_PER_SECOND),
    guessLimit: createGuessLimit(redis),
    idempotency: createIdempotencyRecords(redis),
    exposeRedis: (registry: Registry) => exposeRedis(registry, redis),
  }
}

async function openRegistries(redis: Redis, { environment, logger, onStop }: Program<z.output<typeof Environment>>) {
  const { REDIS_URL: redisUrl, CREDENTIALS_KEY: sealer } = environment
  const senders = await SenderRegistry.open(redis, { redisUrl, logger, sealer })
  onStop(() => senders.close())
  const clients = await ClientRegistry.open(redis, { redisUrl, logger })
  onStop(() => clients.close())
  const callbacks = await CallbackRegistry.open(redis, { redisUrl, logger, sealer })
  onStop(() => callbacks.close())
  return { senders, clients, callbacks }
}

function asConfigured(environment: z.output<typeof Environment>) {
  return {
    endpointHosts: environment.ENDPOINT_HOSTS,
    callbackHosts: environment.CALLBACK_HOSTS,
    bodyLimit: environment.BODY_LIMIT,
    batchBodyLimit: environment.BATCH_BODY_LIMIT,
    documentationUrl: environment.DOCUMENTATION_URL,
    publicUrl: environment.PUBLIC_URL,
    trustedProxies: environment.TRUST_PROXY,
    accessTokens: createAccessTokens(environment.TOKEN_KEY),
    validityUnit: environment.VALIDITY_PERIOD_UNIT,
  }
}
