import { networks } from '@ott/networks'
import { DeliveryQueues } from '@ott/queue'
import { SenderRegistry } from '@ott/registry'
import { closeRedis, createHealth, listen, onlyHealth, openRedis, redisCheck, runProgram } from '@ott/runtime'

import { createApp } from './app.ts'
import { Environment } from './environment.ts'

await runProgram('ingress', Environment, async ({ environment, logger, onStop }) => {
  const { HOST: host, REDIS_URL: redisUrl } = environment

  const redis = await openRedis(redisUrl, 'failing', logger)
  onStop(() => closeRedis(redis))
  const queues = new DeliveryQueues(Object.keys(networks), redis, environment)
  onStop(() => queues.close())
  const senders = await SenderRegistry.open(redis, redisUrl, logger)
  onStop(() => senders.close())

  const health = createHealth({ redis: redisCheck(redis) })
  const healthListening = await listen(onlyHealth(health), {
    host,
    port: environment.HEALTH_PORT,
    variable: 'HEALTH_PORT',
  })
  onStop(() => healthListening.close())

  const app = createApp({
    networks,
    endpointHosts: environment.ENDPOINT_HOSTS,
    bodyLimit: environment.BODY_LIMIT,
    documentationUrl: environment.DOCUMENTATION_URL,
    enqueue: (delivery) => queues.add(delivery),
    findHistory: (idOrKey) => queues.find(idOrKey),
    findSender: (network, id) => senders.find(network, id),
    registerSender: (sender) => senders.register(sender),
    listSenders: (network, page, pageSize) => senders.list(network, page, pageSize),
    removeSender: (network, id) => senders.remove(network, id),
    health,
    logger,
  })
  const listening = await listen(app, { host, port: environment.PORT, variable: 'PORT' })
  onStop(() => listening.close())
  logger.info({ url: listening.url, health: healthListening.url }, 'ingress.listening')
})
