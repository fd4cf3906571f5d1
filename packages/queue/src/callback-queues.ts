import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

import type { Redis } from '@ott/runtime'
import { type JobsOptions, Queue } from 'bullmq'
import { z } from 'zod'

import { callbackAttemptsMax } from './callback-schedule.ts'
import { prefix } from './connection.ts'

/** What is to be told by callback. `id` is of the event; `at` is milliseconds since 1970; `body` is what is signed and sent. */
export const CallbackJob = z.object({ id: z.string(), at: z.number(), type: z.string(), body: z.string() })
export type CallbackJob = Readonly<z.infer<typeof CallbackJob>>

type CallbackQueue = Queue<CallbackJob>

/** For so long, and so many, a callback that has arrived is known, so that the same event makes no second one. */
export const keptMs = 10 * 60 * 1000
const keptCount = 100_000

/** For so long, and so many, one that never arrived is kept, to be told again; and nothing waits for longer. */
const failedKeptMs = 7 * 24 * 60 * 60 * 1000
const failedKeptCount = 10_000

/** What of ended callbacks is kept, as BullMQ's worker takes it; ages in seconds. */
export const keptCallbacks = {
  removeOnComplete: { age: keptMs / 1000, count: keptCount },
  removeOnFail: { age: failedKeptMs / 1000, count: failedKeptCount },
}

/** The set of all queues that were made, by the ids of their callbacks. */
const made = `${prefix}:callbacks:queues`

const sweptTogether = 10_000

/** How often it is asked what became of a test. */
const testLookMs = 200

/** The queue of a callback: one of its own, on one node of a Redis Cluster. */
export function callbackQueueName(callbackId: string): string {
  return `{callback-${callbackId}}`
}

/** What has yet to be told, a queue for each callback: whatever one endpoint does, no other waits for it. */
export class CallbackQueues {
  readonly #redis: Redis
  readonly #opened = new Map<string, CallbackQueue>()

  /** `redis` is used, and closed by whoever opened it. */
  constructor(redis: Redis) {
    this.#redis = redis
  }

  /** Queues events, each once, however often it is given; once more if it is of a replay by another name than before. */
  async add(callbackId: string, events: readonly CallbackJob[], replay?: string): Promise<void> {
    const queue = await this.#make(callbackId)
    const jobs = events.map((event) => ({
      name: 'tell',
      data: event,
      opts: { ...usual, jobId: replay === undefined ? event.id : `${event.id}-${replay}` },
    }))
    await queue.addBulk(jobs)
  }

  /** How many have yet to arrive. */
  async waiting(callbackId: string): Promise<number> {
    return this.#open(callbackId).getJobCountByTypes('wait', 'active', 'delayed')
  }

  /** How many were given up and are kept. */
  async failed(callbackId: string): Promise<number> {
    return this.#open(callbackId).getFailedCount()
  }

  /** Tells those that were given up again. Resolves with how many they were. */
  async retryFailed(callbackId: string): Promise<number> {
    const queue = this.#open(callbackId)
    const count = await queue.getFailedCount()
    if (count > 0) await queue.retryJobs({ state: 'failed' })
    return count
  }

  /** Tells one event at once and once, and resolves with what came of it; `undefined` when nothing has within `limitMs`. */
  async test(
    callbackId: string,
    event: CallbackJob,
    limitMs: number,
  ): Promise<{ readonly arrived: boolean; readonly message: string } | undefined> {
    const queue = await this.#make(callbackId)
    const job = await queue.add('tell', event, { jobId: `test-${randomUUID()}`, attempts: 1, lifo: true })
    const until = performance.now() + limitMs
    while (performance.now() < until) {
      const { finishedOn, failedReason, returnvalue } = (await queue.getJob(job.id ?? '')) ?? {}
      if (finishedOn !== undefined)
        return failedReason
          ? { arrived: false, message: failedReason }
          : { arrived: true, message: String(returnvalue) }
      await setTimeout(testLookMs)
    }
    await job.remove().catch(() => undefined) // It may have been taken at this moment.
    return undefined
  }

  /** Forgets what is kept no longer, and the queues of callbacks that are not among those that there are. */
  async sweep(callbackIds: () => Promise<readonly string[]>): Promise<void> {
    // In this order: a callback that is made meanwhile is not taken for one that was removed.
    const queues = await this.#redis.smembers(made)
    const wanted = new Set(await callbackIds())
    for (const id of queues) await (wanted.has(id) ? this.#clean(this.#open(id)) : this.#drop(id))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened.values()].map((queue) => queue.close()))
  }

  async #clean(queue: CallbackQueue): Promise<void> {
    await queue.clean(keptMs, sweptTogether, 'completed')
    for (const state of ['failed', 'wait', 'delayed'] as const) await queue.clean(failedKeptMs, sweptTogether, state)
  }

  async #drop(id: string): Promise<void> {
    const queue = this.#open(id)
    await queue.obliterate({ force: true })
    await this.#redis.srem(made, id)
    this.#opened.delete(id)
    await queue.close()
  }

  /** On record before anything is in it. */
  async #make(callbackId: string): Promise<CallbackQueue> {
    await this.#redis.sadd(made, callbackId)
    return this.#open(callbackId)
  }

  #open(callbackId: string): CallbackQueue {
    const opened = this.#opened.get(callbackId) ?? openCallbackQueue(callbackId, this.#redis)
    this.#opened.set(callbackId, opened)
    return opened
  }
}

const usual = { attempts: callbackAttemptsMax, backoff: { type: 'scheduled' } } satisfies JobsOptions

function openCallbackQueue(callbackId: string, redis: Redis): CallbackQueue {
  const queue: CallbackQueue = new Queue(callbackQueueName(callbackId), {
    connection: redis,
    prefix,
    skipWaitingForReady: true,
    // Nobody reads them.
    streams: { events: { maxLen: 10 } },
  })
  // Each command's own rejection tells its caller; the connection's state is logged where it is opened.
  queue.on('error', () => undefined)
  return queue
}
