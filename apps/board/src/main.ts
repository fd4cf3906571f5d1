import { randomBytes } from 'node:crypto'

import { networks } from '@ott/networks'
import { NetworkQueues, ParkedCounts } from '@ott/queue'
import {
  closeRedis,
  createHealth,
  createMetrics,
  listen,
  onlyHealth,
  openRedis,
  redisCheck,
  runProgram,
} from '@ott/runtime'

import { createBoard } from './board.ts'
import { Environment } from './environment.ts'
import { createLoginThrottle } from './login-throttle.ts'
import { startSampler } from './operations/sampler.ts'
import { createSessions } from './sessions.ts'
import { readUsers } from './users.ts'

await runProgram('board', Environment, async ({ environment, logger, onStop }) => {
  const { HOST: host, PORT: port, BOARD_SHOW_CONTENTS: showContents, BOARD_READ_ONLY: readOnly } = environment
  const users = await readUsers(environment)

  const redis = await openRedis(environment.REDIS_URL, 'failing', logger)
  onStop(() => closeRedis(redis))
  const watched = Object.entries(networks).map(([name, { title }]) => ({
    name,
    title,
    queues: new NetworkQueues(name, redis),
    parked: new ParkedCounts(name, redis),
  }))
  onStop(() => Promise.all(watched.map(({ queues }) => queues.close())))
  const sampler = startSampler({ networks: watched, redis, logger })
  onStop(() => sampler.close())

  const health = createHealth({ redis: redisCheck(redis) })
  const board = createBoard({
    findQueues: async () => (await Promise.all(watched.map(({ queues }) => queues.all()))).flat(),
    operations: { sampler, networks: watched },
    users,
    sessions: createSessions({ users, redis, key: environment.BOARD_SESSION_KEY ?? randomBytes(32) }),
    throttle: createLoginThrottle(redis),
    health,
    trustedProxies: environment.TRUST_PROXY,
    showContents,
    readOnly,
    logger,
  })
  const { HEALTH_PORT: healthPort } = environment
  if (healthPort !== undefined) {
    // Never where visitors come in: what a process tells of itself is nobody's business there, and Prometheus does not log in.
    const metrics = createMetrics({ program: 'board', revision: environment.REVISION })
    const place = { host, port: healthPort, variable: 'HEALTH_PORT' }
    const operations = await listen(onlyHealth(health, metrics), place)
    onStop(() => operations.close())
  }
  const listening = await listen(board, { host, port, variable: 'PORT' })
  onStop(() => listening.close())
  logger.info({ url: listening.url, users: users.size, readOnly, showContents }, 'board.listening')
})
