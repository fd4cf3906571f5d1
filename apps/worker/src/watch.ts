import { type DeliveryWorker, type ProgressWatch, watchProgress } from '@ott/queue'
import type { Logger, Redis } from '@ott/runtime'
import type { z } from 'zod'

import type { Environment } from './environment.ts'

/**
 * An attempt makes a handful of calls (a token, a reply, a push), each repeated three times at most, of three time-outs each: one
 * that has taken so many time-outs does not end any more.
 */
const attemptLimitTimes = 60

/** Watches that the worker of a queue gets on. */
export type Watch = (queue: string, worker: Pick<DeliveryWorker, 'progress'>) => ProgressWatch

/** Ends the program when a worker does not get on: whoever runs it starts another. `redis` is a connection of its own. */
export function makeWatch(
  redis: Redis,
  { environment, logger }: { readonly environment: z.output<typeof Environment>; readonly logger: Logger },
): Watch {
  return (queue, { progress }) =>
    watchProgress({
      queue,
      progress,
      redis,
      logger: logger.child({ queue }),
      attemptLimitMs: environment.NETWORK_TIMEOUT_MS * attemptLimitTimes,
      onStuck: () => {
        process.exitCode = 1
        process.kill(process.pid, 'SIGTERM')
      },
    })
}
