import { setMaxListeners } from 'node:events'

import { type Accepted, type Delivery, type Receipt, refused } from '@ott/delivery'
import type { Check, Logger, Redis } from '@ott/runtime'
import { DelayedError, type Job, type Processor, Worker } from 'bullmq'

import { attemptsMax, waitMs } from './backoff.ts'
import { prefix } from './connection.ts'
import { readJob } from './job.ts'
import { type Retention, toKeepJobs } from './retention.ts'
import { settle } from './settle.ts'
import { UnrecordedReceipts } from './unrecorded-receipts.ts'

/** Which attempt this is, counted from 1, of how many at most. */
export type AttemptNumber = { readonly attempt: number; readonly attemptsMax: number }

/** Tries once to deliver. Resolves with the receipt whatever goes wrong. */
export type Attempt = (delivery: Delivery, number: AttemptNumber, signal: AbortSignal) => Promise<Receipt>

const usualHandedBackMs = 10_000

/**
 * Thrown by an attempt that this worker is in no state to make, though another may be. The delivery goes back untouched, no
 * attempt of it used up, and comes up again in a while; meanwhile this worker says that it is not ready.
 */
export class CannotAttempt extends Error {
  override readonly name = 'CannotAttempt'
}

/**
 * A worker that was killed holds its deliveries until their locks have run out and another worker has looked: 30 s at most. A
 * delivery that meets this again and again is not to blame for it, and fails only where something must be wrong with it.
 */
const usualLockMs = 20_000
const pickUpsMax = 20

export type DeliveryWorkerOptions = {
  /** A connection of the waiting manner; closed by whoever opened it, after the worker. */
  readonly redis: Redis
  readonly concurrency: number
  readonly retention: Retention
  readonly logger: Logger
  /** How long a delivery stays with a worker that no longer says that it lives. Half as long, and others look for it. */
  readonly lockMs?: number
  /** When a delivery that could not be attempted comes up again. */
  readonly handedBackMs?: number
  /** How long `close` lets attempts under way go on before it aborts them. */
  readonly stopLimitMs: number
}

export type DeliveryWorker = {
  /** A readiness check: whether it takes deliveries off the queue. */
  readonly check: Check
  /** Takes no further delivery, and resolves when those under way are settled. */
  readonly close: () => Promise<void>
}

/** Takes deliveries off a network's queue, and settles each by the receipt its attempt comes back with. */
export function startDeliveryWorker(network: string, attempt: Attempt, options: DeliveryWorkerOptions): DeliveryWorker {
  const { redis, logger, handedBackMs = usualHandedBackMs } = options
  const stop = new AbortController()
  setMaxListeners(0, stop.signal) // Every attempt under way listens to it.
  const unrecorded = new UnrecordedReceipts()
  let hindrance = { reason: '', until: 0 }

  const handBack = async (job: Job, token: string | undefined, reason: string): Promise<never> => {
    if (Date.now() > hindrance.until) logger.fatal({ deliveryId: job.id, reason }, 'worker.hindered')
    hindrance = { reason, until: Date.now() + 2 * handedBackMs }
    await job.moveToDelayed(Date.now() + handedBackMs, token)
    throw new DelayedError()
  }
  const process = async (job: Job, token?: string): Promise<Accepted> => {
    try {
      return unrecorded.get(job.id) ?? unrecorded.put(job.id, await settledJob(job, attempt, stop.signal))
    } catch (error) {
      if (error instanceof CannotAttempt) return handBack(job, token, error.message)
      throw error
    }
  }

  const worker = openWorker(network, process, options)
  worker.on('completed', (job) => unrecorded.drop(job.id))
  report(worker, redis, logger)
  return {
    check: async () => {
      if (Date.now() < hindrance.until) throw new Error(hindrance.reason)
      if (!worker.isRunning()) throw new Error('the worker takes no deliveries')
      return `takes ${network}`
    },
    close: async () => {
      const limit = setTimeout(() => stop.abort(), options.stopLimitMs)
      // Without Redis nothing can be settled: another worker takes what this one holds, once its lock has run out.
      await worker.close(redis.status !== 'ready').finally(() => clearTimeout(limit))
    },
  }
}

function openWorker(network: string, process: Processor<unknown, Accepted>, options: DeliveryWorkerOptions) {
  const { lockMs = usualLockMs } = options
  return new Worker(network, process, {
    connection: options.redis,
    prefix,
    concurrency: options.concurrency,
    settings: { backoffStrategy: backoff },
    lockDuration: lockMs,
    stalledInterval: lockMs / 2,
    maxStalledCount: pickUpsMax,
    ...toKeepJobs(options.retention),
  })
}

/** What happens outside an attempt. */
function report(worker: Worker, redis: Redis, logger: Logger): void {
  worker.on('error', (error) => {
    // That Redis is away is told once, where the connection is watched.
    if (redis.status === 'ready') logger.error({ error: error.message }, 'worker.erred')
  })
  worker.on('stalled', (deliveryId) => logger.warn({ deliveryId }, 'delivery.stalled'))
  worker.on('failed', (job, { message }) => {
    // The reason alone: a message may quote what was sent.
    if (job?.finishedOn !== undefined)
      logger.warn(
        { deliveryId: job.id, attempts: job.attemptsMade, reason: message.split(': ', 1)[0] },
        'delivery.failed',
      )
  })
}

async function settledJob(job: Job, attempt: Attempt, signal: AbortSignal): Promise<Accepted> {
  const read = readJob(job.data)
  if (!('delivery' in read)) return settle(refused('unreadable', read.unreadable))
  const number = { attempt: job.attemptsMade + 1, attemptsMax: job.opts.attempts ?? attemptsMax }
  return settle(await attempt(read.delivery, number, signal))
}

function backoff(attemptsMade: number, _type: string | undefined, error: Error | undefined): number {
  return waitMs(attemptsMade, error)
}
