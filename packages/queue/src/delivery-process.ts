import type { Receipt } from '@ott/delivery'
import { type NowOrLater, whenKnown } from '@ott/runtime'
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
import { InHand } from './in-hand.ts'
import { bringAgain, fail, isOutcome, leaveRetriesToSettle, putOff } from './outcome.ts'
import { failIfOverdue, leftMs } from './overdue.ts'
import { type PickUp, toEntry, toInterrupted } from './pick-up.ts'
import type { ProcessOptions } from './process-options.ts'
import { NoLongerHeld, putOnRecord } from './record.ts'
import { settle, type Settlement } from './settle.ts'
import { Turns } from './turns.ts'
import { UnrecordedReceipts } from './unrecorded-receipts.ts'

const faulted = "something broke in the worker; its log has a line 'delivery.faulted' with this delivery's id"

/** Makes of deliveries picked up what becomes of them. What is not accepted ends as an error of `outcome.ts`. */
export class DeliveryProcess {
  readonly #options: ProcessOptions
  readonly #unrecorded = new UnrecordedReceipts()
  readonly #turns: Turns
  /** To be told of what is taken, before it is processed. */
  readonly inHand: InHand

  constructor(options: ProcessOptions) {
    this.#options = options
    this.#turns = new Turns(options)
    this.inHand = new InHand(options.concurrency)
  }

  /** A BullMQ processor. */
  readonly process = async (job: Job, token = ''): Promise<Returned> => {
    leaveRetriesToSettle(job)
    this.inHand.begun(job)
    try {
      return await this.#readAndDeliver(job, token)
    } catch (error) {
      if (error instanceof DelayedError) this.inHand.vacated.add(token)
      throw error
    } finally {
      this.inHand.settled(job)
    }
  }

  /** To be told once Redis has the end of a delivery. */
  recorded({ id }: Job): void {
    this.#unrecorded.drop(id)
  }

  #readAndDeliver(job: Job, token: string): NowOrLater<Returned> {
    const known = this.#unrecorded.get(job.id)
    if (known !== undefined) return known
    const read = readJob(job)
    if ('newer' in read) return this.#leaveToNewer(job, token, read.newer)
    const log = readLogAtPickUp(job)
    if ('unreadable' in read) return fail(job, log, { reason: 'unreadable', message: read.unreadable })
    return this.#deliver({ job, token, log, delivery: read.delivery, at: Date.now() })
  }

  async #deliver(pickUp: PickUp): Promise<Returned> {
    const { senders, giveUpMs } = this.#options
    try {
      failIfOverdue(pickUp, giveUpMs)
      const found = senders.standingOf(pickUp.delivery)
      const standing = found instanceof Promise ? await found : found
      if (standing.passage === 'held' && standing.hold !== undefined) {
        const held: Entry = { outcome: 'held', at: pickUp.at }
        return this.#waitForSender(pickUp, held, await senders.waitFor(pickUp.delivery, standing.hold))
      }
      const returned = this.#carryOut(pickUp, await this.#attempt(pickUp), standing)
      return returned instanceof Promise ? await returned : returned
    } catch (error) {
      return this.#thrown(pickUp, error)
    }
  }

  /** Where the sender's pace or places do not allow it now, the delivery waits in the queue as if it had not been picked up. */
  async #attempt(pickUp: PickUp): Promise<Receipt> {
    const { stop, attempt } = this.#options
    const { job, log, delivery, at } = pickUp
    const turn = this.#turns.take(delivery)
    const place = turn instanceof Promise ? await turn : turn
    if (typeof place === 'number') return putOff(pickUp, Math.min(place, leftMs(pickUp, this.#options.giveUpMs)))
    try {
      // An attempt that cannot be made would leave a doubt all the same, wherever it is put on record first.
      if (stop.aborted) return await putOff(pickUp, 0)
      if (isStale(log, job, at)) await this.#record(pickUp, { taken: { at, pickUp: job.attemptsStarted } })
      return await attempt(delivery, this.#contextOf(pickUp))
    } finally {
      this.#turns.leave(place)
    }
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

  #record({ job, token, delivery }: PickUp, recorded: Recorded): Promise<void> {
    const { redis, keyOf } = this.#options
    return putOnRecord(redis, job, { key: keyOf(delivery.id), token }, recorded)
  }

  #carryOut(pickUp: PickUp, receipt: Receipt, standing: Standing): NowOrLater<Returned> {
    const { senders, stop } = this.#options
    const { job, log, delivery } = pickUp
    const settlement = settle(receipt, {
      attempts: countAttempts(log) + 1,
      now: Date.now(),
      expiresAt: delivery.expiresAt,
      stopping: stop.aborted,
    })
    if (settlement.to === 'sent') this.#unrecorded.put(job.id, settlement.because)
    const told = senders.answered(delivery, settlement, standing)
    return whenKnown(told, () => this.#end(pickUp, settlement, standing))
  }

  #end(pickUp: PickUp, settlement: Settlement, standing: Standing): NowOrLater<Returned> {
    const { job, log, delivery } = pickUp
    switch (settlement.to) {
      case 'sent':
        return toReturned(settlement.because, log, job)
      case 'throttled':
      case 'parked': {
        const held = this.#options.senders.holdBack(delivery, settlement, standing)
        return held.then((wait) => this.#waitForSender(pickUp, toEntry(pickUp, settlement), wait))
      }
      case 'failed':
        return fail(job, append(log, toEntry(pickUp, settlement)), settlement.because)
      case 'handed-back':
        return this.#again(pickUp, toInterrupted(pickUp, settlement), settlement.because, 0)
      case 'again':
        return this.#again(pickUp, toEntry(pickUp, settlement), settlement.because, settlement.waitMs)
    }
  }

  #waitForSender(pickUp: PickUp, entry: Entry, wait: SenderWait): never {
    const { reason, message, parked } = wait
    return this.#again(pickUp, { reason, message, ...entry, parked }, wait, wait.waitMs)
  }

  /** The delivery waits, but not beyond its end: it comes up then to be told so. */
  #again(pickUp: PickUp, entry: Entry, failure: Failure, waitMs: number): never {
    const { job, log } = pickUp
    const untilEndMs = Math.min(waitMs, leftMs(pickUp, this.#options.giveUpMs))
    return bringAgain(job, append(log, { ...entry, pickUp: job.attemptsStarted }), failure, untilEndMs)
  }

  #thrown(pickUp: PickUp, error: unknown): never {
    if (isOutcome(error)) throw error
    const { handedBackMs, logger, onHindered } = this.#options
    const { job, delivery, at } = pickUp
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
    return putOff({ job, token }, this.#options.handedBackMs)
  }
}
