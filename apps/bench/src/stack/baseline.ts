import { bareNode, startProgram } from '@ott/local'

import type { Recipe, RecipeOptions } from './recipe.ts'
import { startSingleRedis } from './stack-redis.ts'

/** The stack of `src/baseline`. */
export function baseline({ networkUrl, concurrency }: RecipeOptions): Recipe {
  return {
    name: 'baseline',
    queues: { prefix: 'bull', names: ['messages'] },
    startRedis: startSingleRedis,
    startIngress: async (redisUrl) => {
      const file = 'apps/bench/dist/baseline/ingress.js'
      const program = await startProgram({
        name: 'baseline ingress',
        file,
        env: { REDIS_PORT: new URL(redisUrl).port },
        node: bareNode,
      })
      await program.untilReady()
      return { child: program, url: `${program.url}/messages`, headers: () => ({}), prepare: async () => undefined }
    },
    startWorker: async (redisUrl, index) => {
      const worker = await startProgram({
        name: `baseline worker ${index}`,
        file: 'apps/bench/dist/baseline/worker.js',
        env: { REDIS_PORT: new URL(redisUrl).port, NETWORK_URL: networkUrl, CONCURRENCY: String(concurrency) },
        ports: [],
        node: bareNode,
      })
      await worker.untilLine(/ready/)
      return worker
    },
  }
}
