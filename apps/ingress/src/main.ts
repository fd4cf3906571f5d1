import { createMetrics, listen, onlyHealth, runProgram } from '@ott/runtime'

import { createApp } from './app.ts'
import { openCollaborators } from './collaborators.ts'
import { Environment } from './environment.ts'
import { createServerLimits } from './server-limits.ts'

await runProgram('ingress', Environment, async (program) => {
  const { environment, logger, onStop } = program
  const { HOST: host, PORT, HEALTH_PORT } = environment
  const collaborators = await openCollaborators(program)

  const metrics = createMetrics({ program: 'ingress' })
  collaborators.exposeLanes(metrics.registry)
  const operations = onlyHealth(collaborators.health, metrics)
  const health = await listen(operations, { host, port: HEALTH_PORT, variable: 'HEALTH_PORT' })
  onStop(() => health.close())
  const limits = createServerLimits(environment.DOCUMENTATION_URL)
  const listening = await listen(createApp(collaborators), { host, port: PORT, variable: 'PORT', ...limits })
  onStop(() => listening.close())
  logger.info({ url: listening.url, health: health.url }, 'ingress.listening')
})
