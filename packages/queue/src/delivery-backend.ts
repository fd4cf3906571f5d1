import {
  createRedisBackend,
  type MinimalJob,
  type MoveToDelayedOpts,
  type QueueBaseOptions,
  RedisQueueBackend,
} from 'bullmq'

import { type Exchange, type Exchanged, type NextJob, readExchanged, writeExchanges } from './delivery-exchange.ts'
import { runScript } from './delivery-scripts.ts'
import { DeliveryTaker, type Room } from './delivery-taker.ts'
import { type NewJob, writeNewJobs } from './new-job.ts'
import { TurnCalls } from './turn-calls.ts'

/** Pieces of deliveries to be queued that are on their way at a time. */
const addingMax = 10

/** How long one waits to be sent, in milliseconds: of the 750 for which a request has patience, some are left for the answer. */
const addingWaitMs = 500

/** What BullMQ's worker hears as it waits where there is something to be had. */
const there = { member: '0', score: 0 }

/** How jobs are taken: for how long they are locked (milliseconds), and what is kept of completed ones (seconds, and number). */
export type Taking = {
  readonly inHand: Room
  readonly lockDuration: number
  readonly removeOnComplete: { readonly age: number; readonly count: number }
}

/**
 * How BullMQ keeps a queue in Redis, but for the steps that every delivery takes: to be queued, taken and completed. Those are
 * done for many deliveries at a time, by scripts of our own on the same keys; all else of BullMQ's works as ever.
 */
export class DeliveryBackend extends RedisQueueBackend {
  readonly #adding = new TurnCalls<NewJob, true>({
    answerAll: (jobs) => this.#addAll(jobs),
    piecesMax: addingMax,
    waitMaxMs: addingWaitMs,
  })
  readonly #taking: Taking | undefined
  readonly #taker: DeliveryTaker

  constructor(taking: Taking | undefined, ...given: ConstructorParameters<typeof RedisQueueBackend>) {
    super(...given)
    this.#taking = taking
    this.#taker = new DeliveryTaker({
      inHand: taking?.inHand ?? { room: 0, slowRoom: 0, vacated: new Set() },
      isClosing: () => this.queue.closing !== undefined,
      exchange: (exchanges, slowRoom) => this.#exchangeAll(exchanges, slowRoom),
    })
  }

  /** Queues a delivery once. Resolves when Redis has it on disk, and rejects when it has not said so. */
  addDelivery(job: NewJob): Promise<unknown> {
    return this.#adding.ask(job)
  }

  /** What levelScript answers at this time, in milliseconds since 1970. */
  async readLevel(now: number): Promise<unknown> {
    const { wait, prioritized, delayed, active, failed, completed, '': prefix } = this.keys
    const given = [wait, prioritized, delayed, active, failed, completed, prefix, now]
    return runScript(await this.queue.client, 'ottLevel', given)
  }

  override async moveToActive(token: string): Promise<NextJob> {
    return this.#taker.take(token)
  }

  override async waitForJob(...given: Parameters<RedisQueueBackend['waitForJob']>) {
    if (this.#taker.hasAhead) return there
    const woken = await super.waitForJob(...given)
    this.#taker.woken()
    return woken
  }

  override async moveToCompleted<Data, Result, Name extends string>(
    { id = '', attemptsMade }: MinimalJob<Data, Result, Name>,
    returned: Result,
    _removal: unknown,
    token: string,
    fetchNext: boolean,
  ): Promise<{ result: NextJob; finishedOn: number }> {
    const ending = { id, written: JSON.stringify(returned), attempts: attemptsMade + 1, due: '' } as const
    const { at, next } = await this.#taker.giveBack(ending, token, fetchNext)
    return { result: next, finishedOn: at }
  }

  /** With `skipAttempt` the job waits as if it had not been picked up. */
  override async moveToDelayed(
    id: string,
    now: number,
    delayMs: number,
    token = '0',
    { skipAttempt = false, fieldsToUpdate = {}, fetchNext = false }: MoveToDelayedOpts = {},
  ): Promise<NextJob | undefined> {
    const changes = Object.entries(fieldsToUpdate).filter(([, value]) => value !== undefined)
    const written = JSON.stringify(changes.flat().map((text) => String(text).toWellFormed()))
    const ending = { id, written, attempts: skipAttempt ? 0 : 1, due: Math.round(now + delayMs) }
    const { next } = await this.#taker.giveBack(ending, token, fetchNext)
    return fetchNext ? next : undefined
  }

  override async moveToFailed<Data, Result, Name extends string>(
    job: MinimalJob<Data, Result, Name>,
    reason: string,
    removal: Parameters<RedisQueueBackend['moveToFailed']>[2],
    token: string,
    fetchNext: boolean,
    fields?: Parameters<RedisQueueBackend['moveToFailed']>[5],
  ) {
    const fail = () => super.moveToFailed(job, reason, removal, token, false, fields)
    const { ended, next } = await this.#taker.endElsewhere(fail, token, fetchNext)
    return { ...ended, result: next }
  }

  override async close(force = false): Promise<void> {
    if (!force) await this.#taker.close()
    return super.close(force)
  }

  async #addAll(jobs: readonly NewJob[]): Promise<readonly true[]> {
    const { marker, meta, wait, prioritized, pc, active, '': prefix } = this.keys
    const now = Date.now()
    const given: (string | number | undefined)[] = [marker, meta, wait, prioritized, pc, active, prefix]
    writeNewJobs(jobs, now, given)
    await runScript(await this.queue.client, 'ottAdd', given)
    return jobs.map(() => true)
  }

  async #exchangeAll(exchanges: readonly Exchange[], slowRoom: number): Promise<readonly (Exchanged | Error)[]> {
    if (this.#taking === undefined) throw new Error('this queue was opened to add to it, not to take from it')
    const { wait, active, prioritized, stalled, delayed, meta, pc, marker, completed, '': prefix } = this.keys
    const { lockDuration, removeOnComplete: kept } = this.#taking
    const now = Date.now()
    const keys = [wait, active, prioritized, stalled, delayed, meta, pc, marker, completed]
    const given = [...keys, prefix, now, lockDuration, kept.age, kept.count, slowRoom]
    writeExchanges(exchanges, given)
    const toError = (code: number, jobId: string) =>
      this.finishedErrors({ code, jobId, command: 'moveToFinished', state: 'active' })
    return readExchanged(exchanges, await runScript(await this.queue.client, 'ottExchange', given), now, toError)
  }
}

/** Opens queues for a connection that the caller closes: to take from them with `taking`. */
export function backendFor(taking?: Taking) {
  return (
    name: string,
    options: QueueBaseOptions,
    kind?: { readonly blocking?: boolean; readonly withBlockingConnection?: boolean },
  ): DeliveryBackend => {
    const opened = createRedisBackend(name, options, kind)
    opened.on('error', () => undefined) // What is made of it below tells the same.
    return new DeliveryBackend(
      taking,
      opened.connection,
      name,
      opened.keys,
      (type) => opened.toKey(type),
      options,
      opened.blockingConnection,
    )
  }
}
