import { randomUUID } from 'node:crypto'

import { type CallbackJob, CallbackQueues } from './callback-queues.ts'
import { type CallbackWorkerOptions, startCallbackWorker, type TellEvent } from './callback-worker.ts'
import { logger } from './testing.ts'
import { useQueues } from './use-queues.ts'

/** For tests: queues of callbacks on a Redis of the file's own, and workers that do not wait for long. */
export function useCallbacks() {
  const given = useQueues([])
  return {
    given,
    openQueues: (): CallbackQueues => {
      const queues = new CallbackQueues(given.redis())
      given.afterTest(() => queues.close())
      return queues
    },
    /** Tells what is in a callback's queue, until what is returned is called or the test is over. */
    work: (
      callbackId: string,
      tell: TellEvent,
      changes: Partial<CallbackWorkerOptions> = {},
    ): (() => Promise<void>) => {
      const options = { redis: given.redis(), logger, concurrency: 5, waitMs: () => 20, pauseMs: () => 20, ...changes }
      const worker = startCallbackWorker(callbackId, tell, options)
      let closed: Promise<void> | undefined
      const close = (): Promise<void> => (closed ??= worker.close())
      given.afterTest(close)
      return close
    },
  }
}

/** An event with an id of its own, unless one is given. */
export function anEvent(id: string = randomUUID()): CallbackJob {
  return { id, at: Date.now(), type: 'message.sent', body: '{}' }
}
