import {
  type Attempt,
  type DeliveryWorker,
  type ProgressWatch,
  type SenderPaces,
  startDeliveryWorker,
  type TakenQueues,
} from '@ott/queue'
import type { Check, Logger, Redis, Tracing } from '@ott/runtime'
import type { z } from 'zod'

import type { Environment } from './environment.ts'
import { openSenders, type SendersOptions } from './senders.ts'
import { tracedAttempt } from './traced-attempt.ts'
import type { Watch } from './watch.ts'

type Options = SendersOptions & {
  readonly redis: Redis
  readonly paces: SenderPaces
  readonly watch: Watch
  readonly logger: Logger
  readonly tracing: Tracing | undefined
  readonly environment: z.output<typeof Environment>
}

/** What a worker process does at one of its network's queues. */
type QueueWork = {
  readonly worker: DeliveryWorker
  readonly watch: ProgressWatch
  readonly close: () => Promise<void>
}

/** A way to begin the work at a queue: its deliveries are taken, its parked ones looked after, and both watched. */
export function makeQueueWork(network: string, attempt: Attempt, options: Options): (queue: string) => QueueWork {
  const { redis, logger, environment } = options
  return (queue) => {
    const senders = openSenders(network, queue, options)
    const worker = startDeliveryWorker(queue, tracedAttempt(attempt, queue, options.tracing), {
      redis,
      logger,
      senders: senders.held,
      paces: options.paces,
      concurrency: environment.CONCURRENCY,
      retention: environment,
      lockMs: environment.LOCK_MS,
      giveUpHours: environment.GIVE_UP_HOURS,
      stopLimitMs: environment.STOP_LIMIT_MS,
    })
    const watch = options.watch(queue, worker)
    const close = async (): Promise<void> => {
      watch.close()
      await worker.close()
      await senders.close()
    }
    return { worker, watch, close }
  }
}

/** The checks of all queues that are taken, as one of each kind. */
export function checksOf({ works }: TakenQueues<QueueWork>): { readonly takes: Check; readonly getsOn: Check } {
  return {
    takes: async () => {
      const taken = await Promise.all(works().map(({ worker }) => worker.check()))
      return taken.length === 0 ? 'takes nothing: no queue of those it is to take is there' : taken.join(', ')
    },
    getsOn: async () => {
      await Promise.all(works().map(({ watch }) => watch.check()))
      return 'gets on'
    },
  }
}
