import { setMaxListeners } from 'node:events'

import { type Check, count, type Logger, type Redis } from '@ott/runtime'
import type { Job, Worker } from 'bullmq'
import { z } from 'zod'

import { prefix } from './connection.ts'
import type { Attempt } from './attempt.ts'
import { readLog, toAttempts } from './attempts-log.ts'
import { backendFor } from './delivery-backend.ts'
import { type DeliveryEnds, tellEnds } from './delivery-ends.ts'
import { DeliveryProcess } from './delivery-process.ts'
import type { SenderStandings } from './held-senders.ts'
import { readJob } from './job.ts'
import { JobWorker } from './job-worker.ts'
import { MessageKeys } from './message-keys.ts'
import { waitOf } from './outcome.ts'
import type { DeliveryPaces } from './pace.ts'
import { placesFor } from './places.ts'
import type { Progress } from './progress-watch.ts'
import { type Retention, toKeepJobs } from './retention.ts'

/** When a delivery that could not be attempted comes up again, or one that our own fault kept from being settled. */
const usualHandedBackMs = 10_000

/** Deaths of its workers that a delivery survives: one that meets more must be what they die of. */
const pickUpsMax = 20

const hourMs = 60 * 60 * 1000

const longWaitMs = 10 * 60 * 1000

/** How workers take deliveries off the queue. */
export const WorkerEnvironment = z.object({
  LOCK_MS: count(1000)
    .default(20_000)
    .describe('how long a delivery stays with a worker that has died; others have it after half as long again'),
  GIVE_UP_HOURS: count(1)
    .default(7 * 24)
    .describe('after so long under way a delivery without an enforced validity is given up'),
})

export type DeliveryWorkerOptions = {
  /** A connection of the waiting manner; closed by whoever opened it, after the worker. */
  readonly redis: Redis
  /** Calls under way for one sender at most; half as many more deliveries are taken for the others. */
  readonly concurrency: number
  /** Without them every sender sends as fast as it can. */
  readonly paces?: DeliveryPaces
  readonly retention: Retention
  readonly logger: Logger
  readonly senders: SenderStandings
  /** Told what becomes of the deliveries that it had in hand. */
  readonly ends?: DeliveryEnds
  readonly lockMs: number
  readonly giveUpHours: number
  readonly handedBackMs?: number
  /** How long `close` lets attempts under way go on before it aborts them. */
  readonly stopLimitMs: number
}

export type DeliveryWorker = {
  /** A readiness check: whether it takes deliveries off the queue. */
  readonly check: Check
  /** What it is at, for a watch. */
  readonly progress: () => Progress
  /** Takes no further delivery, and resolves when those under way are settled. */
  readonly close: () => Promise<void>
}

/** Takes deliveries off one queue, and settles each by the receipt its attempt comes back with. */
export function startDeliveryWorker(queue: string, attempt: Attempt, options: DeliveryWorkerOptions): DeliveryWorker {
  const { redis, logger, handedBackMs = usualHandedBackMs } = options
  const stop = new AbortController()
  setMaxListeners(0, stop.signal) // Every attempt under way listens to it.
  let hindrance = { reason: '', until: 0 }

  const deliveries = new DeliveryProcess({
    ...options,
    attempt,
    handedBackMs,
    giveUpMs: options.giveUpHours * hourMs,
    keyOf: (id) => `${prefix}:${queue}:${id}`,
    stop: stop.signal,
    onHindered: (deliveryId, reason) => {
      if (Date.now() > hindrance.until) logger.fatal({ deliveryId, reason }, 'worker.hindered')
      hindrance = { reason, until: Date.now() + 2 * handedBackMs }
    },
  })
  const worker = openWorker(queue, deliveries, { ...options, handedBackMs })
  worker.on('active', (job) => deliveries.inHand.taken(job))
  worker.on('completed', (job) => deliveries.recorded(job))
  keepKeys(worker, new MessageKeys(redis, options.retention))
  report(worker, redis, logger)
  if (options.ends !== undefined) tellEnds(worker, options.ends)
  return {
    check: async () => {
      if (Date.now() < hindrance.until) throw new Error(hindrance.reason)
      if (!worker.isRunning()) throw new Error('the worker takes no deliveries')
      return `takes ${queue}`
    },
    progress: () => deliveries.inHand.progress,
    close: async () => {
      const limit = setTimeout(() => stop.abort(), options.stopLimitMs)
      // Without Redis nothing can be settled: another worker takes what this one holds, once its lock has run out.
      await worker.close(redis.status !== 'ready').finally(() => clearTimeout(limit))
    },
  }
}

function openWorker(
  queue: string,
  deliveries: DeliveryProcess,
  options: DeliveryWorkerOptions & { readonly handedBackMs: number },
) {
  const { redis: connection, concurrency, lockMs, handedBackMs } = options
  const keeping = toKeepJobs(options.retention)
  return new JobWorker(
    queue,
    deliveries.process,
    {
      connection,
      prefix,
      concurrency: placesFor(concurrency),
      settings: { backoffStrategy: (_made, _type, error) => waitOf(error, handedBackMs) },
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      maxStalledCount: pickUpsMax,
      ...keeping,
    },
    backendFor({ lockDuration: lockMs, ...keeping, inHand: deliveries.inHand }),
  )
}

/** A delivery that has failed, or waits for long, is found by the client's key for as long as it is kept. */
function keepKeys(worker: Worker, keys: MessageKeys): void {
  worker.on('failed', (job) => {
    if (job === undefined || (job.finishedOn === undefined && job.delay < longWaitMs)) return
    const read = readJob(job)
    // A key that is forgotten early is found by its id still.
    if ('delivery' in read) keys.prolong(read.delivery).catch(() => undefined)
  })
}

/** What happens outside an attempt. */
function report(worker: Worker, redis: Redis, logger: Logger): void {
  worker.on('error', (error) => {
    // That Redis is away is told once, where the connection is watched.
    if (redis.status === 'ready') logger.error({ error: error.message }, 'worker.erred')
  })
  worker.on('stalled', (deliveryId) => logger.warn({ deliveryId }, 'delivery.stalled'))
  worker.on('failed', (job, error) => {
    if (job?.finishedOn !== undefined) reportFailure(job, error, logger)
  })
}

/** The reason alone: a message may quote what was sent. */
function reportFailure(job: Job, { message }: Error, logger: Logger): void {
  logger.warn(
    { deliveryId: job.id, attempts: toAttempts(readLog(job)).length, reason: message.split(': ', 1)[0] },
    'delivery.failed',
  )
}
