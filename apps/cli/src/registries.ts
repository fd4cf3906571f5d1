import { networks } from '@ott/networks'
import { CallbackQueues, FailedDeliveries } from '@ott/queue'
import { CallbackRegistry, ClientRegistry, CredentialsEnvironment, type Sealer, SenderRegistry } from '@ott/registry'
import {
  closeRedis,
  createLogger,
  type Logger,
  openRedis,
  type Redis,
  redisAddress,
  RedisEnvironment,
  type RedisManner,
} from '@ott/runtime'

import { Failure } from './failure.ts'
import { isSet, readSettings } from './settings.ts'

/** Somebody waits at the terminal: a Redis that is there answers well within this. */
const connectLimitMs = 3000

/** To the Redis that the programs share. */
export type Connection = { readonly redis: Redis; readonly redisUrl: string; readonly logger: Logger }

/** Does something with the API clients, and closes what it opened. */
export async function withClients<Result>(use: (clients: ClientRegistry) => Promise<Result>): Promise<Result> {
  return withRedis('failing', async ({ redis, ...options }) => {
    const clients = await ClientRegistry.open(redis, options)
    try {
      return await use(clients)
    } finally {
      await clients.close()
    }
  })
}

/** Does something with the senders, and closes what it opened. Long work asks for the `waiting` manner. */
export async function withSenders<Result>(
  use: (senders: SenderRegistry, connection: Connection) => Promise<Result>,
  manner: RedisManner = 'failing',
): Promise<Result> {
  const sealer = readSealer()
  return withRedis(manner, async (connection) => {
    const senders = await SenderRegistry.open(connection.redis, { ...connection, sealer })
    try {
      return await use(senders, connection)
    } finally {
      await senders.close()
    }
  })
}

/** Does something with the accounts' callbacks, and closes what it opened. Long work asks for the `waiting` manner. */
export async function withCallbacks<Result>(
  use: (callbacks: CallbackRegistry, queues: CallbackQueues, connection: Connection) => Promise<Result>,
  manner: RedisManner = 'failing',
): Promise<Result> {
  const sealer = readSealer()
  return withRedis(manner, async (connection) => {
    const callbacks = await CallbackRegistry.open(connection.redis, { ...connection, sealer })
    const queues = new CallbackQueues(connection.redis)
    try {
      return await use(callbacks, queues, connection)
    } finally {
      await queues.close()
      await callbacks.close()
    }
  })
}

/** Does something with the failed deliveries, and closes what it opened. It waits while Redis is away. */
export async function withFailedDeliveries<Result>(
  use: (failed: FailedDeliveries) => Promise<Result>,
): Promise<Result> {
  return withRedis('waiting', async ({ redis }) => {
    const failed = new FailedDeliveries(Object.keys(networks), redis)
    try {
      return await use(failed)
    } finally {
      await failed.close()
    }
  })
}

function readSealer(): Sealer {
  if (!isSet('CREDENTIALS_KEY')) throw new Failure(noKey)
  return readSettings(CredentialsEnvironment).CREDENTIALS_KEY
}

const noKey =
  "CREDENTIALS_KEY is not set: senders' secrets are sealed with it. Set it to what the ingress and the workers have; " +
  'for a new installation, `ott keys generate` makes one.'

async function withRedis<Result>(
  manner: RedisManner,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const { REDIS_URL: redisUrl } = readSettings(RedisEnvironment)
  const logger = createLogger('ott', 'silent')
  const redis = await openRedis(redisUrl, manner, logger, connectLimitMs)
  try {
    return await use({ redis, redisUrl, logger })
  } catch (error) {
    throw redis.status === 'ready' ? explained(error, redisUrl) : wentAway(error, redisUrl)
  } finally {
    await closeRedis(redis)
  }
}

/** An error that Redis itself answered with, such as a missing permission, put in words; any other as it is. */
function explained(error: unknown, redisUrl: string): unknown {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return error
  return new Failure(`Redis at ${redisAddress(redisUrl)} refused: ${error.message}`, { cause: error })
}

function wentAway(cause: unknown, redisUrl: string): Failure {
  const address = redisAddress(redisUrl)
  return new Failure(`Redis at ${address} went away before this was done. Run it again once Redis is back.`, { cause })
}
