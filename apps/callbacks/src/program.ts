import { networks, openCallbackHttp } from '@ott/networks'
import { CallbackQueues, startCallbackWorker, startEndedTail, takeCallbacks } from '@ott/queue'
import { CallbackRegistry } from '@ott/registry'
import { closeRedis, createHealth, listen, onlyHealth, openRedis, redisCheck, runProgram } from '@ott/runtime'

import { Environment } from './environment.ts'
import { callbackMetrics } from './metrics.ts'
import { makeTakeIn, wantedSince } from './take-in.ts'
import { makeTell } from './tell.ts'

const hourMs = 60 * 60 * 1000

await runProgram('callbacks', Environment, async ({ environment, logger, onStop }) => {
  const { REDIS_URL: redisUrl, HOST, HEALTH_PORT, CALLBACK_TIMEOUT_MS: timeoutMs } = environment
  const redis = await openRedis(redisUrl, 'waiting', logger)
  onStop(() => closeRedis(redis))
  const registry = await CallbackRegistry.open(redis, { redisUrl, logger, sealer: environment.CREDENTIALS_KEY })
  onStop(() => registry.close())
  const queues = new CallbackQueues(redis)
  onStop(() => queues.close())
  const http = openCallbackHttp({ timeoutMs, callbackHosts: environment.CALLBACK_HOSTS })
  onStop(() => http.close())

  const tail = startEndedTail({
    redis,
    logger,
    networks: Object.keys(networks),
    wantedSince: () => wantedSince(registry),
    tell: makeTakeIn({ registry, queues, backlogMax: environment.CALLBACK_BACKLOG_MAX, logger }),
  })
  onStop(() => tail.close())
  const metrics = callbackMetrics({ registry, queues, lagMs: tail.lagMs, revision: environment.REVISION })
  const disableAfterMs = environment.CALLBACK_DISABLE_HOURS * hourMs
  const telling = { registry, exchange: http.exchange, timeoutMs, disableAfterMs, metrics, logger }
  const concurrency = environment.CALLBACK_CONCURRENCY
  const taken = takeCallbacks({
    redis,
    logger,
    queues,
    list: () => registry.all(),
    start: (callback) => startCallbackWorker(callback.id, makeTell(callback, telling), { redis, logger, concurrency }),
  })
  onStop(() => taken.close())

  const health = createHealth({ redis: redisCheck(redis), callbacks: async () => `tells ${taken.count()}` })
  const server = await listen(onlyHealth(health, metrics), { host: HOST, port: HEALTH_PORT, variable: 'HEALTH_PORT' })
  onStop(() => server.close())
  logger.info({ health: server.url, concurrency }, 'callbacks.listening')
})
