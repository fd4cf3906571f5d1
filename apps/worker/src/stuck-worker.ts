import { runProgram } from '@ott/runtime'

import { Environment } from './environment.ts'
import { startWatch } from './watch.ts'

/** For tests: a program whose worker has not ended an attempt since 1970. */
await runProgram('stuck', Environment, async ({ environment, logger, onStop }) => {
  const worker = {
    progress: () => ({ lastTakenAt: 0, oldestTakenAt: 0, hasRoom: true }),
    check: async () => 'ok',
    close: async () => undefined,
  }
  const watch = await startWatch(environment.network, worker, { environment, logger })
  onStop(() => watch.close())
})
