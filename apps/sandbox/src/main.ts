import { listen, runProgram } from '@ott/runtime'

import { dispatcherOf, Environment } from './environment.ts'
import { createSandbox } from './sandbox.ts'

/** The networks keep idle connections open for minutes; Node's five seconds would cut some just as they are used again. */
const keepAliveMs = 65_000

await runProgram('sandbox', Environment, async ({ environment, logger, onStop }) => {
  const { HOST: host, PORT: port } = environment
  const sandbox = createSandbox({
    replyTokenLifetimeMs: environment.REPLY_TOKEN_LIFETIME_SECONDS * 1000,
    ledgerMax: environment.LEDGER_MAX,
    callsMax: environment.CALLS_MAX,
    dispatcher: dispatcherOf(environment),
    onBug: (error) => logger.error({ error }, 'sandbox.bug'),
  })
  const { server, url, close } = await listen(sandbox.requests, { host, port, variable: 'PORT' })
  server.keepAliveTimeout = keepAliveMs
  onStop(close)
  onStop(sandbox.close)
  logger.info({ url }, 'sandbox.listening')
})
