import {
  createRedisBackend,
  type JobJson,
  type MinimalJob,
  type MoveToDelayedOpts,
  type QueueBaseOptions,
  RedisQueueBackend,
} from 'bullmq'

import { addScript } from './add-script.ts'
import { type ExchangeAnswer, exchangeScript } from './exchange-script.ts'
import { levelScript } from './level-script.ts'
import { toJobJson } from './taken-job.ts'
import { TurnCalls } from './turn-calls.ts'

const scripts = {
  ottAdd: { numberOfKeys: 6, lua: addScript },
  ottExchange: { numberOfKeys: 9, lua: exchangeScript },
  ottLevel: { numberOfKeys: 6, lua: levelScript },
}

/** Connections that the scripts are known to. */
const known = new WeakSet<object>()

/** A delivery to be queued, as BullMQ keeps its job. */
export type NewJob = {
  readonly id: string
  /** JSON. */
  readonly data: string
  readonly priority: number
  /** The key that finds the delivery by the client's own, and for how many seconds. */
  readonly key?: { readonly name: string; readonly seconds: number } | undefined
}

/** How jobs are taken: for how long they are locked (milliseconds), and what is kept of completed ones (seconds, and number). */
export type Taking = {
  /** How many of the slow lane may be taken now. What is left of the places is for those who keep within their share. */
  readonly slowRoom: () => number
  readonly lockDuration: number
  readonly removeOnComplete: { readonly age: number; readonly count: number }
}

/** What the script is told of a job that is given back: it has come to its end, or waits until `due`. */
type Ending = { readonly id: string; readonly written: string; readonly attempts: number; readonly due: number | '' }

/** A job that is given back, and whether there is a place for another one. */
type Exchange = { readonly ending?: Ending; readonly token: string; readonly takesNext: boolean }

/** What the script is told of a delivery that no key finds. */
const noKey: NonNullable<NewJob['key']> = { name: '', seconds: 0 }

/** What a call says that gives none back. */
const none = { id: '', written: '', attempts: '', due: '' }

/** As BullMQ's worker has it: a job and its id, if there is one; 0; and when a delayed one is due, in milliseconds since 1970, or 0. */
type NextJob = [job: JobJson | undefined, id: string | undefined, limitMs: number, due: number]
type Exchanged = { readonly at: number; readonly next: NextJob }

/**
 * How BullMQ keeps a queue in Redis, but for the steps that every delivery takes: to be queued, taken and completed. Those are
 * done for many deliveries at a time, by scripts of our own on the same keys; all else of BullMQ's works as ever.
 */
export class DeliveryBackend extends RedisQueueBackend {
  readonly #taking: Taking | undefined
  readonly #adding = new TurnCalls<NewJob, true>((jobs) => this.#addAll(jobs))
  readonly #exchanging = new TurnCalls<Exchange, Exchanged>((exchanges) => this.#exchangeAll(exchanges))

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
    return this.#run('ottLevel', [wait, prioritized, delayed, active, failed, completed, prefix, now])
  }

  override async moveToActive(token: string): Promise<NextJob> {
    return (await this.#exchanging.ask({ token, takesNext: true })).next
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
    const { next } = await this.#giveBack(ending, token, fetchNext)
    return fetchNext ? next : undefined
  }

  #giveBack(ending: Ending, token: string, fetchNext: boolean): Promise<Exchanged> {
    return this.#exchanging.ask({ ending, token, takesNext: fetchNext && this.queue.closing === undefined })
  }

  async #addAll(jobs: readonly NewJob[]): Promise<readonly true[]> {
    const { marker, meta, wait, prioritized, pc, active, '': prefix } = this.keys
    const now = Date.now()
    const given: (string | number | undefined)[] = [marker, meta, wait, prioritized, pc, active, prefix]
    for (const { id, data, priority, key = noKey } of jobs) given.push(id, data, priority, now, key.name, key.seconds)
    await this.#run('ottAdd', given)
    return jobs.map(() => true)
  }

  async #exchangeAll(exchanges: readonly Exchange[]): Promise<readonly (Exchanged | Error)[]> {
    if (this.#taking === undefined) throw new Error('this queue was opened to add to it, not to take from it')
    const { wait, active, prioritized, stalled, delayed, meta, pc, marker, completed, '': prefix } = this.keys
    const { lockDuration, removeOnComplete: kept, slowRoom } = this.#taking
    const now = Date.now()
    const keys = [wait, active, prioritized, stalled, delayed, meta, pc, marker, completed]
    const given = [...keys, prefix, now, lockDuration, kept.age, kept.count, Math.max(0, slowRoom())]
    for (const { token, takesNext, ending: { id, written, attempts, due } = none } of exchanges)
      given.push(token, takesNext ? 1 : 0, id, written, attempts, due)
    const answer: ExchangeAnswer = await this.#run('ottExchange', given)
    return this.#toExchanged(exchanges, answer, now)
  }

  #toExchanged(exchanges: readonly Exchange[], [codes, jobs, due]: ExchangeAnswer, at: number): (Exchanged | Error)[] {
    const left = jobs.values()
    return exchanges.map(({ ending, takesNext }, index) => {
      const code = codes[index] ?? -1
      if (code !== 0) return this.#failed(code, ending?.id ?? '')
      const taken = takesNext ? left.next().value : undefined
      if (taken === undefined) return { at, next: [undefined, undefined, 0, due] }
      const job = toJobJson(taken, at)
      return { at, next: [job, job.id, 0, 0] }
    })
  }

  #failed(code: number, jobId: string): Error {
    return this.finishedErrors({ code, jobId, command: 'moveToFinished', state: 'active' })
  }

  /** The scripts are made known to the connection, which many queues may share, when it is used first. */
  async #run(name: keyof typeof scripts, args: (string | number | undefined)[]) {
    const client = await this.queue.client
    if (!known.has(client)) {
      for (const [each, script] of Object.entries(scripts)) client.defineCommand(each, script)
      known.add(client)
    }
    return client.runCommand(name, args)
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
