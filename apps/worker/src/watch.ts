import { type DeliveryWorker, type ProgressWatch, watchProgress } from '@ott/queue'
import { closeRedis, type Logger, openRedis } from '@ott/runtime'
import type { z } from 'zod'

import type { Environment } from './environment.ts'

/**
 * An attempt makes a handful of calls (a token, a reply, a push), each repeated three times at most, of three time-outs each: one
 * that has taken so many time-outs does not end any more.
 */
const attemptLimitTimes = 60

/** Watches that the worker gets on, and ends the program when it does not: whoever runs it starts another. */
export async function startWatch(
  network: string,
  worker: DeliveryWorker,
  { environment, logger }: { readonly environment: z.output<typeof Environment>; readonly logger: Logger },
): Promise<Pick<ProgressWatch, 'check'> & { readonly close: () => Promise<void> }> {
  const redis = await openRedis(environment.REDIS_URL, 'failing', logger)
  const watch = watchProgress({
    network,
    progress: worker.progress,
    redis,
    logger,
    attemptLimitMs: environment.NETWORK_TIMEOUT_MS * attemptLimitTimes,
    onStuck: () => {
      process.exitCode = 1
      process.kill(process.pid, 'SIGTERM')
    },
  })
  const close = async (): Promise<void> => {
    watch.close()
    await closeRedis(redis)
  }
  return { check: watch.check, close }
}
