import { closeRedis, openRedis, runProgram } from '@ott/runtime'

import { Environment } from './environment.ts'
import { makeWatch } from './watch.ts'

const progress = () => ({ lastTakenAt: 0, oldestBegunAt: 0, hasRoom: true })

/** For tests: a program whose worker has not ended an attempt since 1970. */
await runProgram('stuck', Environment, async ({ environment, logger, onStop }) => {
  const redis = await openRedis(environment.REDIS_URL, 'failing', logger)
  onStop(() => closeRedis(redis))
  const watch = makeWatch(redis, { environment, logger })(environment.network, { progress })
  onStop(async () => watch.close())
})
