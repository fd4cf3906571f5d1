import type { Logger, Redis } from '@ott/runtime'
import { type Job, UnrecoverableError, Worker } from 'bullmq'

import { CallbackJob, callbackQueueName, keptCallbacks } from './callback-queues.ts'
import { callbackWaitMs, endpointPauseMs } from './callback-schedule.ts'
import { prefix } from './connection.ts'

/** A callback stays so long with a process that no longer says that it lives. Half as long, and others look for it. */
const usualLockMs = 20_000

/** Deaths of its processes that a callback survives. */
const pickUpsMax = 20

/** What came of one attempt to tell an event. `retryAfterMs` is the endpoint's own word. `message` holds no secret. */
export type Told =
  | { readonly outcome: 'arrived'; readonly message: string }
  | { readonly outcome: 'failed'; readonly message: string; readonly retryAfterMs?: number | undefined }

/** Makes one attempt to tell an event; `attempt` counts from 1. `final`: there will be none after it. */
export type TellEvent = (
  event: CallbackJob,
  attempt: { readonly attempt: number; readonly final: boolean },
) => Promise<Told>

export type CallbackWorkerOptions = {
  /** A connection of the waiting manner; closed by whoever opened it, after the worker. */
  readonly redis: Redis
  readonly logger: Logger
  /** Calls under way to the endpoint at most, from this process. */
  readonly concurrency: number
  readonly lockMs?: number
  readonly waitMs?: typeof callbackWaitMs
  readonly pauseMs?: typeof endpointPauseMs
}

export type CallbackWorker = {
  /** Takes no further callback, and resolves when those under way have been told or put off. */
  readonly close: () => Promise<void>
}

class NotArrived extends Error {
  override readonly name = 'NotArrived'
  readonly waitMs: number

  constructor(message: string, waitMs: number) {
    super(message)
    this.waitMs = waitMs
    this.stack = ''
  }
}

/** Leaves an endpoint alone that fails. */
class Restraint {
  readonly #concurrency: number
  readonly #pauseMs: typeof endpointPauseMs
  #failures = 0
  #closed = false
  #timer: NodeJS.Timeout | undefined

  constructor(concurrency: number, pauseMs: typeof endpointPauseMs) {
    this.#concurrency = concurrency
    this.#pauseMs = pauseMs
  }

  /** Takes as many callbacks at a time again as there may be. */
  end(worker: Worker): void {
    this.#failures = 0
    worker.concurrency = this.#concurrency
  }

  /** Takes none for a while, and then one at a time. Those that were under way when the first failed are the same failure. */
  async begin(worker: Worker, askedMs: number | undefined): Promise<void> {
    if (this.#timer !== undefined || this.#closed) return
    this.#failures += 1
    worker.concurrency = 1
    const resume = (): void => {
      this.#timer = undefined
      void worker.resume()
    }
    this.#timer = setTimeout(resume, this.#pauseMs(this.#failures, askedMs))
    await worker.pause(true)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }
}

/**
 * Tells what is in one callback's queue. An endpoint that fails is left alone for a while, longer each time, and then tried with a
 * single event until one arrives: what waits for it costs nothing meanwhile.
 */
export function startCallbackWorker(
  callbackId: string,
  tell: TellEvent,
  { redis, logger, concurrency, ...options }: CallbackWorkerOptions,
): CallbackWorker {
  const { lockMs = usualLockMs, waitMs = callbackWaitMs, pauseMs = endpointPauseMs } = options
  const restraint = new Restraint(concurrency, pauseMs)

  const process = async (job: Job): Promise<string> => {
    const read = CallbackJob.safeParse(job.data)
    if (!read.success) throw new UnrecoverableError('the callback is not of a form that this version reads')
    const attempt = job.attemptsMade + 1
    const told = await tell(read.data, { attempt, final: attempt >= (job.opts.attempts ?? 1) })
    if (told.outcome === 'failed') {
      await restraint.begin(worker, told.retryAfterMs)
      throw new NotArrived(told.message, waitMs(attempt, told.retryAfterMs))
    }
    restraint.end(worker)
    return told.message
  }
  const worker = new Worker(callbackQueueName(callbackId), process, {
    connection: redis,
    prefix,
    concurrency,
    settings: { backoffStrategy: (made, _type, error) => (error instanceof NotArrived ? error.waitMs : waitMs(made)) },
    lockDuration: lockMs,
    stalledInterval: lockMs / 2,
    maxStalledCount: pickUpsMax,
    ...keptCallbacks,
  })
  worker.on('error', (error) => {
    // That Redis is away is told once, where the connection is watched.
    if (redis.status === 'ready') logger.error({ callbackId, error: error.message }, 'worker.erred')
  })
  return {
    close: async () => {
      restraint.close()
      // Without Redis nothing can be noted: another process takes what this one holds, once its lock has run out.
      await worker.close(redis.status !== 'ready')
    },
  }
}
