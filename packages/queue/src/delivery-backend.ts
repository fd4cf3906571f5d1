import {
  createRedisBackend,
  type MinimalJob,
  type MoveToDelayedOpts,
  type QueueBaseOptions,
  RedisQueueBackend,
} from 'bullmq'

import {
  type Ending,
  type Exchange,
  type Exchanged,
  type NextJob,
  readExchanged,
  writeExchanges,
} from './delivery-exchange.ts'
import { runScript } from './delivery-scripts.ts'
import { type NewJob, writeNewJobs } from './new-job.ts'
import { TakenAhead } from './taken-ahead.ts'
import type { TakenJobJson } from './taken-job.ts'
import { togetherMax, TurnCalls } from './turn-calls.ts'

/** How jobs are taken: for how long they are locked (milliseconds), and what is kept of completed ones (seconds, and number). */
export type Taking = {
  /** How many deliveries may be taken beside those in hand. */
  readonly room: () => number
  /** How many of the slow lane may be taken now. What is left of the places is for those who keep within their share. */
  readonly slowRoom: () => number
  readonly lockDuration: number
  readonly removeOnComplete: { readonly age: number; readonly count: number }
}

/**
 * How BullMQ keeps a queue in Redis, but for the steps that every delivery takes: to be queued, taken and completed. Those are
 * done for many deliveries at a time, by scripts of our own on the same keys; all else of BullMQ's works as ever.
 */
export class DeliveryBackend extends RedisQueueBackend {
  readonly #taking: Taking | undefined
  readonly #adding = new TurnCalls<NewJob, true>((jobs) => this.#addAll(jobs))
  readonly #exchanging = new TurnCalls<Exchange, Exchanged>((exchanges) => this.#exchangeAll(exchanges))
  readonly #ahead = new TakenAhead<NextJob>(([job]) => this.#putBack(job))
  /** The tokens of what was put off, in whose places other deliveries are taken. */
  readonly #vacated = new Set<string>()
  #failing = 0

  constructor(taking: Taking | undefined, ...given: ConstructorParameters<typeof RedisQueueBackend>) {
    super(...given)
    this.#taking = taking
  }

  /** Queues a delivery once. Resolves when Redis has it on disk, and rejects when it has not said so. */
  addDelivery(job: NewJob): Promise<unknown> {
    return this.#adding.ask(job)
  }

  /** What levelScript answers at this time, in milliseconds since 1970. */
  async readLevel(now: number): Promise<unknown> {
    const { wait, prioritized, delayed, active, failed, completed, '': prefix } = this.keys
    return runScript(await this.queue.client, 'ottLevel', [
      wait,
      prioritized,
      delayed,
      active,
      failed,
      completed,
      prefix,
      now,
    ])
  }

  /** As many are taken as there is room for: BullMQ's worker asks for one after the other, and begins with none before it has all. */
  override async moveToActive(token: string): Promise<NextJob> {
    const ahead = this.#ahead.next()
    if (ahead !== undefined) return ahead
    const takes = this.#vacated.delete(token) ? 1 : this.#room()
    const { next, more, none } = await this.#exchanging.ask({ token, takes })
    this.#ahead.hold({ taken: more, none })
    return next
  }

  override async moveToCompleted<Data, Result, Name extends string>(
    { id = '', attemptsMade }: MinimalJob<Data, Result, Name>,
    returned: Result,
    _removal: unknown,
    token: string,
    fetchNext: boolean,
  ): Promise<{ result: NextJob; finishedOn: number }> {
    const ending = { id, written: JSON.stringify(returned), attempts: attemptsMade + 1, due: '' } as const
    const { at, next } = await this.#giveBack(ending, token, fetchNext)
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
    const written = JSON.stringify(changes.flat())
    const ending = { id, written, attempts: skipAttempt ? 0 : 1, due: Math.round(now + delayMs) }
    if (!fetchNext) this.#vacated.add(token)
    const { next } = await this.#giveBack(ending, token, fetchNext)
    return fetchNext ? next : undefined
  }

  override async moveToFailed(...given: Parameters<RedisQueueBackend['moveToFailed']>) {
    this.#failing += 1
    try {
      return await super.moveToFailed(...given)
    } finally {
      this.#failing -= 1
    }
  }

  override async close(force = false): Promise<void> {
    if (!force) await this.#ahead.giveBack()
    return super.close(force)
  }

  #giveBack(ending: Ending, token: string, fetchNext: boolean): Promise<Pick<Exchanged, 'at' | 'next'>> {
    if (!fetchNext || this.queue.closing !== undefined) return this.#exchanging.ask({ ending, token, takes: 0 })
    const ahead = this.#ahead.take()
    if (ahead === undefined) return this.#exchanging.ask({ ending, token, takes: 1 })
    return this.#giveBackFor(ahead, ending, token)
  }

  /** The next one is there already. */
  async #giveBackFor(next: NextJob, ending: Ending, token: string): Promise<Pick<Exchanged, 'at' | 'next'>> {
    try {
      const { at } = await this.#exchanging.ask({ ending, token, takes: 0 })
      return { at, next }
    } catch (error) {
      this.#ahead.hold({ taken: [next], none: undefined })
      throw error
    }
  }

  /** As if it had not been picked up. */
  async #putBack(job: TakenJobJson | undefined): Promise<void> {
    if (job?.id === undefined) return
    await this.#giveBack({ id: job.id, written: '[]', attempts: 0, due: Date.now() }, job.token, false)
  }

  #room(): number {
    const room = (this.#taking?.room() ?? 1) - this.#exchanging.unanswered - this.#failing
    return Math.min(Math.max(1, room), togetherMax)
  }

  async #addAll(jobs: readonly NewJob[]): Promise<readonly true[]> {
    const { marker, meta, wait, prioritized, pc, active, '': prefix } = this.keys
    const now = Date.now()
    const given: (string | number | undefined)[] = [marker, meta, wait, prioritized, pc, active, prefix]
    writeNewJobs(jobs, now, given)
    await runScript(await this.queue.client, 'ottAdd', given)
    return jobs.map(() => true)
  }

  async #exchangeAll(exchanges: readonly Exchange[]): Promise<readonly (Exchanged | Error)[]> {
    if (this.#taking === undefined) throw new Error('this queue was opened to add to it, not to take from it')
    const { wait, active, prioritized, stalled, delayed, meta, pc, marker, completed, '': prefix } = this.keys
    const { lockDuration, removeOnComplete: kept, slowRoom } = this.#taking
    const now = Date.now()
    const keys = [wait, active, prioritized, stalled, delayed, meta, pc, marker, completed]
    const given = [...keys, prefix, now, lockDuration, kept.age, kept.count, Math.max(0, slowRoom())]
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
