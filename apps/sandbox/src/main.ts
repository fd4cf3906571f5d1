import { CommonEnvironment, count, listen, Port, runProgram } from '@ott/runtime'

import { createSandbox } from './sandbox.ts'

const Environment = CommonEnvironment.extend({
  PORT: Port.default(8082).describe('LINE under `/line`, Messenger under `/messenger`, the chats at `/`'),
  REPLY_TOKEN_LIFETIME_SECONDS: count(1).default(60).describe('how long a LINE reply token is good for'),
  LEDGER_MAX: count(1)
    .default(1_000_000)
    .describe('accepted calls kept (some 1.2 KB of memory each), and at least half as many retry keys'),
  CALLS_MAX: count(1).default(10_000).describe('received calls kept'),
})

/** The networks keep idle connections open for minutes; Node's five seconds would cut some just as they are used again. */
const keepAliveMs = 65_000

await runProgram('sandbox', Environment, async ({ environment, logger, onStop }) => {
  const { HOST: host, PORT: port } = environment
  const sandbox = createSandbox({
    replyTokenLifetimeMs: environment.REPLY_TOKEN_LIFETIME_SECONDS * 1000,
    ledgerMax: environment.LEDGER_MAX,
    callsMax: environment.CALLS_MAX,
    onBug: (error) => logger.error({ error }, 'sandbox.bug'),
  })
  const { server, url, close } = await listen(sandbox.requests, { host, port, variable: 'PORT' })
  server.keepAliveTimeout = keepAliveMs
  onStop(close)
  onStop(sandbox.close)
  logger.info({ url }, 'sandbox.listening')
})
