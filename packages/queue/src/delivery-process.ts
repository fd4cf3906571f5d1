import type { Receipt } from '@ott/delivery'
import { DelayedError, type Job } from 'bullmq'

import { type AttemptContext, CannotAttempt } from './attempt.ts'
import {
  append,
  countAttempts,
  type Entry,
  isStale,
  readLogAtPickUp,
  readRecorded,
  type Recorded,
  type Returned,
  toEarlier,
  toReturned,
} from './attempts-log.ts'
import type { SenderWait, Standing } from './held-senders.ts'
import { readJob } from './job.ts'
import type { Failure } from './failure.ts'
import { bringAgain, fail, isOutcome, leaveRetriesToSettle } from './outcome.ts'
import { endOf, whyOverdue } from './overdue.ts'
import { type PickUp, toEntry, toInterrupted } from './pick-up.ts'
import type { ProcessOptions } from './process-options.ts'
import type { Progress } from './progress-watch.ts'
import { NoLongerHeld, putOnRecord } from './record.ts'
import { settle } from './settle.ts'
import { UnrecordedReceipts } from './unrecorded-receipts.ts'

const faulted = "something broke in the worker; its log has a line 'delivery.faulted' with this delivery's id"

/** Makes of deliveries picked up what becomes of them. What is not accepted ends as one of the errors of `outcome.ts`. */
export class DeliveryProcess {
  readonly #options: ProcessOptions
  readonly #unrecorded = new UnrecordedReceipts()
  /** When each delivery in hand was taken, the oldest first. */
  readonly #inHand = new Map<Job, number>()
  #lastTakenAt = 0

  constructor(options: ProcessOptions) {
    this.#options = options
  }

  /** What of it a watch needs to know. */
  get progress(): Progress {
    const [oldestTakenAt] = this.#inHand.values()
    const hasRoom = this.#inHand.size < this.#options.concurrency
    return { lastTakenAt: this.#lastTakenAt, oldestTakenAt, hasRoom }
  }

  /** A BullMQ processor. */
  readonly process = async (job: Job, token = ''): Promise<Returned> => {
    leaveRetriesToSettle(job)
    this.#lastTakenAt = Date.now()
    this.#inHand.set(job, this.#lastTakenAt)
    try {
      return await this.#readAndDeliver(job, token)
    } finally {
      this.#inHand.delete(job)
    }
  }

  /** To be told once Redis has the end of a delivery. */
  recorded({ id }: Job): void {
    this.#unrecorded.drop(id)
  }

  async #readAndDeliver(job: Job, token: string): Promise<Returned> {
    const known = this.#unrecorded.get(job.id)
    if (known !== undefined) return known
    const read = readJob(job)
    if ('newer' in read) return this.#leaveToNewer(job, token, read.newer)
    const log = readLogAtPickUp(job)
    if ('unreadable' in read) return fail(job, log, { reason: 'unreadable', message: read.unreadable })
    const pickUp = { job, token, log, delivery: read.delivery, at: Date.now() }
    try {
      return await this.#deliver(pickUp)
    } catch (error) {
      return this.#thrown(pickUp, error)
    }
  }

  async #deliver(pickUp: PickUp): Promise<Returned> {
    const { attempt, senders, giveUpMs } = this.#options
    const { job, log, delivery } = pickUp
    const overdue = whyOverdue(pickUp, giveUpMs)
    if (overdue !== undefined)
      return fail(
        job,
        append(log, { outcome: 'held', at: pickUp.at, pickUp: job.attemptsStarted, ...overdue }),
        overdue,
      )
    const standing = await senders.standingOf(delivery)
    if (standing.passage === 'held' && standing.hold !== undefined)
      return this.#waitForSender(
        pickUp,
        { outcome: 'held', at: pickUp.at },
        await senders.waitFor(delivery, standing.hold),
      )
    if (isStale(log, job, pickUp.at))
      await this.#record(pickUp, { taken: { at: pickUp.at, pickUp: job.attemptsStarted } })
    const receipt = await attempt(delivery, this.#contextOf(pickUp))
    return this.#carryOut(pickUp, receipt, standing)
  }

  #contextOf(pickUp: PickUp): AttemptContext {
    const { job, log, delivery } = pickUp
    return {
      attempt: countAttempts(log) + 1,
      signal: this.#options.stop,
      notAfter: delivery.expiresAt,
      earlier: toEarlier(log, readRecorded(job)),
      record: (via) => this.#record(pickUp, { call: { via, pickUp: job.attemptsStarted } }),
    }
  }

  /** Beside what is on record already. Where that fails nothing has been done, and nothing may be. */
  async #record({ job, token, delivery }: PickUp, recorded: Recorded): Promise<void> {
    const { redis, keyOf } = this.#options
    const progress = { ...readRecorded(job), ...recorded }
    try {
      await putOnRecord(redis, { key: keyOf(delivery.id), token }, progress)
    } catch (error) {
      if (error instanceof NoLongerHeld) throw error
      throw new CannotAttempt(`Redis does not take a record of what is about to be done (${String(error)})`, {
        cause: error,
      })
    }
    job.progress = progress
  }

  async #carryOut(pickUp: PickUp, receipt: Receipt, standing: Standing): Promise<Returned> {
    const { senders, stop } = this.#options
    const { job, log, delivery } = pickUp
    const settlement = settle(receipt, {
      attempts: countAttempts(log) + 1,
      now: Date.now(),
      expiresAt: delivery.expiresAt,
      stopping: stop.aborted,
    })
    if (settlement.to === 'sent') this.#unrecorded.put(job.id, settlement.because)
    await senders.answered(delivery, settlement, standing)
    switch (settlement.to) {
      case 'sent':
        return toReturned(settlement.because, log, job)
      case 'throttled':
      case 'parked':
        return this.#waitForSender(
          pickUp,
          toEntry(pickUp, settlement),
          await senders.holdBack(delivery, settlement, standing),
        )
      case 'failed':
        return fail(job, append(log, toEntry(pickUp, settlement)), settlement.because)
      case 'handed-back':
        return this.#again(pickUp, toInterrupted(pickUp, settlement), settlement.because, 0)
      case 'again':
        return this.#again(pickUp, toEntry(pickUp, settlement), settlement.because, settlement.waitMs)
    }
  }

  #waitForSender(pickUp: PickUp, entry: Entry, wait: SenderWait): never {
    const { reason, message, parked, waitMs } = wait
    return this.#again(pickUp, { reason, message, ...entry, parked }, wait, waitMs)
  }

  /** The delivery waits, but not beyond its end: it comes up then to be told so. */
  #again(pickUp: PickUp, entry: Entry, failure: Failure, waitMs: number): never {
    const { job, log } = pickUp
    const left = endOf(pickUp, this.#options.giveUpMs) - Date.now()
    return bringAgain(job, append(log, { ...entry, pickUp: job.attemptsStarted }), failure, Math.min(waitMs, left))
  }

  #thrown(pickUp: PickUp, error: unknown): never {
    const { handedBackMs, logger, onHindered } = this.#options
    const { job, delivery, at } = pickUp
    if (isOutcome(error)) throw error
    // The job is another worker's: BullMQ is to leave it alone here.
    if (error instanceof NoLongerHeld) throw new DelayedError()
    if (error instanceof CannotAttempt) onHindered(delivery.id, error.message)
    else logger.error({ deliveryId: job.id, err: error }, 'delivery.faulted')
    const failure = { reason: 'fault', message: error instanceof CannotAttempt ? error.message : faulted } as const
    return this.#again(pickUp, { outcome: 'held', at, ...failure }, failure, handedBackMs)
  }

  /** What a later version wrote, it also reads: the job is left as it is, for a worker of that version. */
  async #leaveToNewer(job: Job, token: string, version: number): Promise<never> {
    this.#options.onHindered(job.id ?? '', `this version does not read jobs of form ${version}: update this worker`)
    await job.moveToDelayed(Date.now() + this.#options.handedBackMs, token)
    // As if it had not been picked up: that version is not to take it for a worker that was lost.
    await this.#options.redis.hincrby(this.#options.keyOf(job.id ?? ''), 'ats', -1)
    throw new DelayedError()
  }
}
