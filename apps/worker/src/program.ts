import type { Exchange } from '@ott/delivery'
import { openHttp } from '@ott/networks'
import { ParkedCounts, SenderLoads, SenderPaces, takeQueues } from '@ott/queue'
import { SenderHolds, SenderRegistry } from '@ott/registry'
import { closeRedis, createHealth, listen, onlyHealth, openRedis, redisCheck, runProgram } from '@ott/runtime'

import { makeAttempt } from './attempt.ts'
import { deliveryMetrics } from './delivery-metrics.ts'
import { Environment } from './environment.ts'
import { networkOpener } from './open-network.ts'
import { checksOf, makeQueueWork } from './queue-work.ts'
import { workerMetrics } from './metrics.ts'
import { topSenders } from './top-senders.ts'
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
  const metrics = workerMetrics(network, new ParkedCounts(network, redis), environment.REVISION)
  const { attempted, measured, ends } = deliveryMetrics(metrics.registry)
  const { NETWORK_TIMEOUT_MS: timeoutMs, ENDPOINT_HOSTS: endpointHosts } = environment
  const around = (exchange: Exchange): Exchange => measured(tracing ? tracedExchange(exchange, tracing) : exchange)
  const http = openHttp({ timeoutMs, endpointHosts, around })
  onStop(() => http.close())
  // What the worker's connections are like is among the things that are watched.
  const watching = await openRedis(redisUrl, 'failing', logger)
  onStop(() => closeRedis(watching))

  const open = networkOpener(definition, http.exchange)
  const attempt = makeAttempt(definition, (account, id) => registry.find(account, network, id), open, logger, attempted)
  const watch = makeWatch(watching, { environment, logger })
  const paces = new SenderPaces({ network, definition, percent: environment.PACE_PERCENT, redis, logger })
  const work = { redis, registry, holds, paces, watch, ends, logger, tracing, environment }
  const queues = takeQueues(network, {
    redis,
    logger,
    shards: environment.QUEUE_SHARDS,
    take: environment.TAKE_SHARDS,
    retention: environment,
    start: makeQueueWork(network, attempt, work),
  })
  onStop(() => queues.close())

  const checks = checksOf(queues)
  const health = createHealth({ redis: redisCheck(redis), queue: checks.takes }, { progress: checks.getsOn })
  const loads = new SenderLoads(network, redis)
  onStop(() => loads.close())
  const answers = onlyHealth(health, metrics, topSenders(loads))
  const server = await listen(answers, { host: HOST, port: HEALTH_PORT, variable: 'HEALTH_PORT' })
  onStop(() => server.close())
  logger.info({ health: server.url, concurrency: CONCURRENCY }, 'worker.listening')
})
