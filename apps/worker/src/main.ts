import { openHttp } from '@ott/networks'
import { SenderPaces, startDeliveryWorker } from '@ott/queue'
import { SenderHolds, SenderRegistry } from '@ott/registry'
import { closeRedis, createHealth, listen, onlyHealth, openRedis, redisCheck, runProgram } from '@ott/runtime'

import { makeAttempt } from './attempt.ts'
import { Environment } from './environment.ts'
import { networkOpener } from './open-network.ts'
import { workerMetrics } from './metrics.ts'
import { openSenders } from './senders.ts'
import { startWatch } from './watch.ts'

await runProgram('worker', Environment, async ({ environment, logger: programLogger, onStop }) => {
  const { network, definition, REDIS_URL: redisUrl, HOST, HEALTH_PORT, CONCURRENCY } = environment
  const logger = programLogger.child({ network })

  const redis = await openRedis(redisUrl, 'waiting', logger)
  onStop(() => closeRedis(redis))
  const registry = await SenderRegistry.open(redis, { redisUrl, logger, sealer: environment.CREDENTIALS_KEY })
  onStop(() => registry.close())
  const holds = await SenderHolds.open(redis, { redisUrl, logger })
  onStop(() => holds.close())
  const http = openHttp({ timeoutMs: environment.NETWORK_TIMEOUT_MS, endpointHosts: environment.ENDPOINT_HOSTS })
  onStop(() => http.close())

  const senders = openSenders(network, { registry, holds, redis, logger, environment })
  onStop(() => senders.close())
  const open = networkOpener(definition, http.exchange)
  const attempt = makeAttempt(definition, (account, id) => registry.find(account, network, id), open, logger)
  const worker = startDeliveryWorker(network, attempt, {
    redis,
    logger,
    senders: senders.held,
    paces: new SenderPaces({ network, definition, percent: environment.PACE_PERCENT, redis, logger }),
    concurrency: CONCURRENCY,
    retention: environment,
    lockMs: environment.LOCK_MS,
    giveUpHours: environment.GIVE_UP_HOURS,
    stopLimitMs: environment.STOP_LIMIT_MS,
  })
  onStop(() => worker.close())
  const watch = await startWatch(network, worker, { environment, logger })
  onStop(() => watch.close())

  const health = createHealth({ redis: redisCheck(redis), queue: worker.check }, { progress: watch.check })
  const metrics = workerMetrics(network, senders.parked)
  const server = await listen(onlyHealth(health, metrics), { host: HOST, port: HEALTH_PORT, variable: 'HEALTH_PORT' })
  onStop(() => server.close())
  logger.info({ health: server.url, concurrency: CONCURRENCY }, 'worker.listening')
})
