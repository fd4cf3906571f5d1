import { openHttp } from '@ott/networks'
import { startDeliveryWorker } from '@ott/queue'
import { SenderRegistry } from '@ott/registry'
import { closeRedis, createHealth, listen, onlyHealth, openRedis, redisCheck, runProgram } from '@ott/runtime'

import { makeAttempt } from './attempt.ts'
import { Environment } from './environment.ts'
import { networkOpener } from './open-network.ts'

await runProgram('worker', Environment, async ({ environment, logger: programLogger, onStop }) => {
  const { network, definition, REDIS_URL, HOST, HEALTH_PORT, CONCURRENCY, CREDENTIALS_KEY: sealer } = environment
  const logger = programLogger.child({ network })

  const redis = await openRedis(REDIS_URL, 'waiting', logger)
  onStop(() => closeRedis(redis))
  const registry = await SenderRegistry.open(redis, { redisUrl: REDIS_URL, logger, sealer })
  onStop(() => registry.close())
  const http = openHttp({ timeoutMs: environment.NETWORK_TIMEOUT_MS, endpointHosts: environment.ENDPOINT_HOSTS })
  onStop(() => http.close())

  const open = networkOpener(definition, http.exchange)
  const attempt = makeAttempt(definition, (account, id) => registry.find(account, network, id), open, logger)
  const worker = startDeliveryWorker(network, attempt, {
    redis,
    logger,
    concurrency: CONCURRENCY,
    retention: environment,
    stopLimitMs: environment.STOP_LIMIT_MS,
  })
  onStop(() => worker.close())

  const health = onlyHealth(createHealth({ redis: redisCheck(redis), queue: worker.check }))
  const server = await listen(health, { host: HOST, port: HEALTH_PORT, variable: 'HEALTH_PORT' })
  onStop(() => server.close())
  logger.info({ health: server.url, concurrency: CONCURRENCY }, 'worker.listening')
})
