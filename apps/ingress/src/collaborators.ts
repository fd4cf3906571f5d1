import { networks } from '@ott/networks'
import { createIdempotencyRecords, DeliveryQueues, FailedDeliveries } from '@ott/queue'
import { ClientRegistry, SenderRegistry } from '@ott/registry'
import { closeRedis, createHealth, createMemoryGuard, openRedis, type Program, redisCheck } from '@ott/runtime'
import type { z } from 'zod'

import type { Collaborators } from './app.ts'
import type { Environment } from './environment.ts'
import { type Lanes, openLanes } from './lanes.ts'
import { createRequestLimit } from './request-limit.ts'
import { createAccessTokens } from './token/access-token.ts'
import { createGuessLimit } from './token/guess-limit.ts'

/** Connects to Redis, and opens all that the ingress works with there. */
export async function openCollaborators(
  program: Program<z.output<typeof Environment>>,
): Promise<Collaborators & Lanes> {
  const { environment, logger, onStop, tracing } = program
  const { REDIS_URL: redisUrl, CREDENTIALS_KEY: sealer } = environment
  const redis = await openRedis(redisUrl, 'failing', logger)
  onStop(() => closeRedis(redis))
  const memory = createMemoryGuard(redis, { percent: environment.REDIS_MEMORY_PERCENT, logger })
  onStop(() => memory.close())
  const queues = new DeliveryQueues(Object.keys(networks), redis, environment, environment.QUEUE_SHARDS)
  onStop(() => queues.close())
  const failed = new FailedDeliveries(Object.keys(networks), redis)
  onStop(() => failed.close())
  const senders = await SenderRegistry.open(redis, { redisUrl, logger, sealer })
  onStop(() => senders.close())
  const clients = await ClientRegistry.open(redis, { redisUrl, logger })
  onStop(() => clients.close())

  return {
    networks,
    ...openLanes(queues, { sharePerSecond: environment.SENDER_SHARE_PER_SECOND, logger, tracing }),
    tracing,
    ...asConfigured(environment),
    verifyClient: (id, secret) => clients.verify(id, secret),
    findClient: (id) => clients.find(id),
    countRequest: createRequestLimit(redis, environment.REQUESTS_PER_SECOND),
    guessLimit: createGuessLimit(redis),
    queueOf: (delivery) => queues.queueOf(delivery),
    idempotency: createIdempotencyRecords(redis),
    whyNotNow: memory.whyNotNow,
    findHistory: (account, idOrKey) => queues.find(account, idOrKey),
    findSender: (account, network, id) => senders.find(account, network, id),
    registerSender: (sender) => senders.register(sender),
    listSenders: (account, network, page, pageSize) => senders.list(account, network, page, pageSize),
    removeSender: (account, network, id) => senders.remove(account, network, id),
    countFailed: (selection, bounds) => failed.count(selection, bounds),
    redriveFailed: (selection, bounds) => failed.redrive(selection, bounds),
    health: createHealth({ redis: redisCheck(redis), memory: memory.check }),
    logger,
  }
}

function asConfigured(environment: z.output<typeof Environment>) {
  return {
    endpointHosts: environment.ENDPOINT_HOSTS,
    bodyLimit: environment.BODY_LIMIT,
    batchBodyLimit: environment.BATCH_BODY_LIMIT,
    documentationUrl: environment.DOCUMENTATION_URL,
    publicUrl: environment.PUBLIC_URL,
    trustedProxies: environment.TRUST_PROXY,
    accessTokens: createAccessTokens(environment.TOKEN_KEY),
    validityUnit: environment.VALIDITY_PERIOD_UNIT,
  }
}
