import type { Server } from 'node:http'

import {
  createHealth,
  createMetrics,
  isOneOfSeveral,
  listen,
  metricsOfOne,
  onlyHealth,
  type Program,
  serveAsOne,
  startProcesses,
} from '@ott/runtime'
import type { z } from 'zod'

import { createApp } from './app.ts'
import { openCollaborators } from './collaborators.ts'
import type { Environment } from './environment.ts'
import { withExpressClasses } from './express-classes.ts'
import { countRequests } from './request-metrics.ts'
import { createServerLimits } from './server-limits.ts'

type Ingress = Program<z.output<typeof Environment>>

/** Takes requests in this process, alone or as one of several. */
export async function serve(program: Ingress): Promise<void> {
  const { environment, logger, onStop } = program
  const { HOST: host, PORT } = environment
  const collaborators = await openCollaborators(program)
  const metrics = createMetrics({ program: 'ingress', revision: environment.REVISION })
  collaborators.exposeLanes(metrics.registry)
  collaborators.exposeItems(metrics.registry)
  collaborators.exposeCallbacks(metrics.registry)
  collaborators.exposeRedis(metrics.registry)

  const telling = isOneOfSeveral() ? metricsOfOne(metrics.registry) : undefined
  const health = await listen(onlyHealth(collaborators.health, metrics, telling), placeOfHealth(environment))
  onStop(() => health.close())
  const app = createApp(collaborators)
  const { options, prepare } = createServerLimits(environment.DOCUMENTATION_URL)
  const prepareAndCount = (server: Server): void => {
    prepare(server)
    countRequests(server, metrics.registry)
  }
  const manner = { options: withExpressClasses(app, options), prepare: prepareAndCount }
  const listening = await listen(app, { host, port: PORT, variable: 'PORT', ...manner })
  onStop(() => listening.close())
  logger.info({ url: listening.url, health: health.url }, 'ingress.listening')
  if (isOneOfSeveral()) serveAsOne(health.url)
}

/** Has several processes take requests, and answers for them. */
export async function serveWithOthers({ environment, logger, onStop }: Ingress): Promise<void> {
  const { HOST: host, HEALTH_PORT: port, INGRESS_PROCESSES: count } = environment
  const processes = await startProcesses(count, logger)
  onStop(() => processes.close())
  const health = createHealth({ processes: processes.ready }, { processes: processes.live })
  const operations = await listen(onlyHealth(health, processes.metrics), { host, port, variable: 'HEALTH_PORT' })
  onStop(() => operations.close())
  logger.info({ processes: count, health: operations.url }, 'ingress.listening')
}

/** One of several is asked by whoever answers for all, at a port of its own. */
function placeOfHealth({ HOST, HEALTH_PORT }: Ingress['environment']) {
  return isOneOfSeveral()
    ? { host: '127.0.0.1', port: 0, variable: 'HEALTH_PORT', exclusive: true }
    : { host: HOST, port: HEALTH_PORT, variable: 'HEALTH_PORT' }
}
