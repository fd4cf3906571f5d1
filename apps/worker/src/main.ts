import { openHttp } from '@ott/networks'
import { ParkedCounts, SenderPaces, takeQueues } from '@ott/queue'
import { SenderHolds, SenderRegistry } from '@ott/registry'
import { closeRedis, createHealth, listen, onlyHealth, openRedis, redisCheck, runProgram } from '@ott/runtime'

import { makeAttempt } from './attempt.ts'
import { Environment } from './environment.ts'
import { networkOpener } from './open-network.ts'
import { checksOf, makeQueueWork } from './queue-work.ts'
import { workerMetrics } from './metrics.ts'
import { tracedExchange } from './traced-exchange.ts'
import { makeWatch } from './watch.ts'

await runProgram('worker', Environment, async ({ environment, logger: programLogger, onStop, tracing }) => {
  const { network, definition, REDIS_URL: redisUrl, HOST, HEALTH_PORT, CONCURRENCY } = environment
  const logger = programLogger.child({ network })

  const redis = await openRedis(redisUrl, 'waiting', logger)
  onStop(() => closeRedis(redis))
  const registry = await SenderRegistry.open(redis, { redisUrl, logger, sealer: environment.CREDENTIALS_KEY })
  onStop(() => registry.close())
  const holds = await SenderHolds.open(redis, { redisUrl, logger })
  onStop(() => holds.close())
  const http = openHttp({
    timeoutMs: environment.NETWORK_TIMEOUT_MS,
    endpointHosts: environment.ENDPOINT_HOSTS,
    around: tracing && ((exchange) => tracedExchange(exchange, tracing)),
  })
  onStop(() => http.close())
  // What the worker's connections are like is among the things that are watched.
  const watching = await openRedis(redisUrl, 'failing', logger)
  onStop(() => closeRedis(watching))

  const open = networkOpener(definition, http.exchange)
  const attempt = makeAttempt(definition, async (account, id) => registry.find(account, network, id), open, logger)
  const watch = makeWatch(watching, { environment, logger })
  const paces = new SenderPaces({ network, definition, percent: environment.PACE_PERCENT, redis, logger })
  const queues = takeQueues(network, {
    redis,
    logger,
    shards: environment.QUEUE_SHARDS,
    take: environment.TAKE_SHARDS,
    retention: environment,
    start: makeQueueWork(network, attempt, { redis, registry, holds, paces, watch, logger, tracing, environment }),
  })
  onStop(() => queues.close())

  const checks = checksOf(queues)
  const health = createHealth({ redis: redisCheck(redis), queue: checks.takes }, { progress: checks.getsOn })
  const metrics = workerMetrics(network, new ParkedCounts(network, redis))
  const server = await listen(onlyHealth(health, metrics), { host: HOST, port: HEALTH_PORT, variable: 'HEALTH_PORT' })
  onStop(() => server.close())
  logger.info({ health: server.url, concurrency: CONCURRENCY }, 'worker.listening')
})
