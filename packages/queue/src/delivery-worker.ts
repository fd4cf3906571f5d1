import { setMaxListeners } from 'node:events'

import { type Delivery, type Receipt, refused } from '@ott/delivery'
import type { Check, Logger, Redis } from '@ott/runtime'
import { type Job, WaitingError, Worker } from 'bullmq'

import { attemptsMax, waitMs } from './backoff.ts'
import { prefix } from './connection.ts'
import { readJob } from './job.ts'
import { type Retention, toKeepJobs } from './retention.ts'
import { settle } from './settle.ts'

/** Which attempt this is, counted from 1, of how many at most. */
export type AttemptNumber = { readonly attempt: number; readonly attemptsMax: number }

/** Tries once to deliver. Resolves with the receipt whatever goes wrong. */
export type Attempt = (delivery: Delivery, number: AttemptNumber, signal: AbortSignal) => Promise<Receipt>

/**
 * Thrown by an attempt that this worker is in no state to make, though another may be. The delivery goes back untouched, no
 * attempt of it used up, and this worker takes no more.
 */
export class CannotAttempt extends Error {
  override readonly name = 'CannotAttempt'
}

export type DeliveryWorkerOptions = {
  /** A connection of the waiting manner; closed by whoever opened it, after the worker. */
  readonly redis: Redis
  readonly concurrency: number
  readonly retention: Retention
  readonly logger: Logger
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
  const { redis: connection, concurrency, logger } = options
  const stop = new AbortController()
  setMaxListeners(0, stop.signal) // Every attempt under way listens to it.
  let hindrance: string | undefined

  const handBack = async (job: Job, token: string | undefined, reason: string): Promise<never> => {
    if (hindrance === undefined) logger.fatal({ deliveryId: job.id, reason }, 'worker.gave-up')
    hindrance = reason
    await worker.pause(true)
    await job.moveToWait(token)
    throw new WaitingError()
  }
  const process = async (job: Job, token?: string): Promise<Receipt> => {
    try {
      return await settledJob(job, attempt, stop.signal)
    } catch (error) {
      if (error instanceof CannotAttempt) return handBack(job, token, error.message)
      throw error
    }
  }

  const settings = { backoffStrategy: backoff }
  const keep = toKeepJobs(options.retention)
  const worker = new Worker(network, process, { connection, prefix, concurrency, settings, ...keep })
  worker.on('error', (error) => logger.error({ error: error.message }, 'worker.failed'))
  worker.on('stalled', (deliveryId) => logger.warn({ deliveryId }, 'delivery.stalled'))
  return {
    check: async () => {
      if (hindrance !== undefined) throw new Error(hindrance)
      if (!worker.isRunning()) throw new Error('the worker takes no deliveries')
      return `takes ${network}`
    },
    close: async () => {
      const limit = setTimeout(() => stop.abort(), options.stopLimitMs)
      // Without Redis nothing can be settled: another worker takes what this one holds, once its lock has run out.
      await worker.close(options.redis.status !== 'ready').finally(() => clearTimeout(limit))
    },
  }
}

async function settledJob(job: Job, attempt: Attempt, signal: AbortSignal): Promise<Receipt> {
  const read = readJob(job.data)
  if (!('delivery' in read)) return settle(refused('unreadable', read.unreadable))
  const number = { attempt: job.attemptsMade + 1, attemptsMax: job.opts.attempts ?? attemptsMax }
  return settle(await attempt(read.delivery, number, signal))
}

function backoff(attemptsMade: number, _type: string | undefined, error: Error | undefined): number {
  return waitMs(attemptsMade, error)
}
