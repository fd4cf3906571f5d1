import { randomBytes } from 'node:crypto'

import { networks } from '@ott/networks'
import { NetworkQueues } from '@ott/queue'
import { closeRedis, createHealth, listen, openRedis, redisCheck, runProgram } from '@ott/runtime'

import { createBoard } from './board.ts'
import { Environment } from './environment.ts'
import { createLoginThrottle } from './login-throttle.ts'
import { createSessions } from './sessions.ts'
import { readUsers } from './users.ts'

await runProgram('board', Environment, async ({ environment, logger, onStop }) => {
  const { HOST: host, PORT: port, BOARD_SHOW_CONTENTS: showContents, BOARD_READ_ONLY: readOnly } = environment
  const users = await readUsers(environment)

  const redis = await openRedis(environment.REDIS_URL, 'failing', logger)
  onStop(() => closeRedis(redis))
  const ofNetworks = Object.keys(networks).map((network) => new NetworkQueues(network, redis))
  onStop(() => Promise.all(ofNetworks.map((queues) => queues.close())))

  const board = createBoard({
    findQueues: async () => (await Promise.all(ofNetworks.map((queues) => queues.all()))).flat(),
    users,
    sessions: createSessions({ users, redis, key: environment.BOARD_SESSION_KEY ?? randomBytes(32) }),
    throttle: createLoginThrottle(redis),
    health: createHealth({ redis: redisCheck(redis) }),
    trustedProxies: environment.TRUST_PROXY,
    showContents,
    readOnly,
    logger,
  })
  const listening = await listen(board, { host, port, variable: 'PORT' })
  onStop(() => listening.close())
  logger.info({ url: listening.url, users: users.size, readOnly, showContents }, 'board.listening')
})
