import { networks } from '@ott/networks'
import { openQueue } from '@ott/queue'
import { closeRedis, createHealth, listen, openRedis, redisCheck, runProgram } from '@ott/runtime'

import { createBoard } from './board.ts'
import { Environment } from './environment.ts'

await runProgram('board', Environment, async ({ environment, logger, onStop }) => {
  const { HOST: host, PORT: port, REDIS_URL: redisUrl } = environment

  const redis = await openRedis(redisUrl, 'failing', logger)
  onStop(() => closeRedis(redis))
  const queues = Object.keys(networks).map((network) => openQueue(network, redis))
  onStop(() => Promise.all(queues.map((queue) => queue.close())))

  const board = createBoard({
    queues,
    health: createHealth({ redis: redisCheck(redis) }),
    showContents: environment.BOARD_SHOW_CONTENTS,
  })
  const listening = await listen(board, { host, port, variable: 'PORT' })
  onStop(() => listening.close())
  logger.info({ url: listening.url, showContents: environment.BOARD_SHOW_CONTENTS }, 'board.listening')
})
