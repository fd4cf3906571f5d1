import { type Delivery, type FailureReason, type Hold, type Passage, passage, type Receipt } from '@ott/delivery'
import type { Logger, NowOrLater } from '@ott/runtime'

import type { Failure } from './failure.ts'
import { nextPark, nextThrottle } from './next-hold.ts'
import type { ParkedDeliveries } from './parked-deliveries.ts'
import type { Settlement } from './settle.ts'
import { WakeTimes } from './wake-times.ts'

/** A parked delivery looks for itself whether its sender is still held back, should whoever releases it have missed it. */
const lookAgainMs = 60 * 60 * 1000

/** When a delivery comes up again whose sender could not be held back. */
const unheldMs = 10_000

/** How many deliveries of a sender that was throttled come back in a second, of those that one process put off. */
const throttledPerSecond = 100

/** The registered senders and what holds them back, as the queue asks for it for each delivery: it must be cheap. */
export type Senders = {
  /** Of the sender's registration now; `undefined` when there is none, or none that is active. */
  readonly findRevision: (account: string, sender: string) => NowOrLater<string | undefined>
  /** What the sender was last held back by. */
  readonly findHold: (account: string, sender: string) => NowOrLater<Hold | undefined>
  /** Resolves with the hold that is kept: a stricter one may have been there. */
  readonly hold: (account: string, sender: string, hold: Hold) => Promise<Hold>
  /** Ends this hold, and no other that was laid on the sender meanwhile. */
  readonly release: (account: string, sender: string, hold: Hold) => Promise<unknown>
}

/** How a sender stands when one of its deliveries is picked up. */
export type Standing = {
  readonly passage: Passage
  readonly hold: Hold | undefined
  /** What the attempt is made with: a sender that is registered anew meanwhile is not held back for it. */
  readonly revision: string | undefined
}

/** How long a delivery waits for its sender, in milliseconds, and why. `parked`: until the sender is released. */
export type SenderWait = Failure & { readonly waitMs: number; readonly parked: boolean }

/** A settlement that holds the delivery's sender back. */
type HoldingBack = Extract<Settlement, { readonly because: Exclude<Receipt, { readonly outcome: 'accepted' }> }>

export type HeldSendersOptions = {
  readonly senders: Senders
  readonly parked: ParkedDeliveries
  /** When a parked sender is probed first, where the network does not say when it could be over. */
  readonly probeMs: number
  readonly logger: Logger
}

/** What a network's worker does about senders that are held back. */
export class HeldSenders {
  readonly #options: HeldSendersOptions
  readonly #wakes = new WakeTimes()

  constructor(options: HeldSendersOptions) {
    this.#options = options
  }

  /** How the delivery's sender stands now. Mostly known at once. */
  standingOf({ id, account, sender }: Delivery): NowOrLater<Standing> {
    const { findHold, findRevision } = this.#options.senders
    const [hold, revision] = [findHold(account, sender), findRevision(account, sender)]
    if (!(hold instanceof Promise || revision instanceof Promise)) return toStanding(id, hold, revision)
    return Promise.all([hold, revision]).then((found) => toStanding(id, ...found))
  }

  /** How long a delivery waits whose sender is held back. */
  async waitFor(delivery: Delivery, { reason, message, kind, until }: Hold): Promise<SenderWait> {
    const { account, sender } = delivery
    if (kind === 'throttled') {
      const range = { earliest: until, apartMs: 1000 / throttledPerSecond }
      const wakeAt = this.#wakes.next(JSON.stringify([account, sender, until]), range)
      return { reason, message, parked: false, waitMs: wakeAt - Date.now() }
    }
    await this.#options.parked.add(delivery)
    return { reason, message, parked: true, waitMs: lookAgainMs * (1 + Math.random() / 5) }
  }

  /**
   * Holds a delivery's sender back after an attempt, and says how long the delivery waits for it. What the attempt came to is
   * not lost when that fails: the delivery comes up again soon, and the network says the same again.
   */
  async holdBack(delivery: Delivery, settlement: HoldingBack, { revision }: Standing): Promise<SenderWait> {
    const { reason, message } = settlement.because
    const soon = { reason, message, parked: false, waitMs: unheldMs }
    // Registered in the very moment of the attempt: a next one tells of its registration.
    if (revision === undefined) return soon
    try {
      return await this.waitFor(delivery, await this.#hold(delivery, settlement, revision))
    } catch (error) {
      this.#options.logger.error({ deliveryId: delivery.id, err: error }, 'sender.hold-failed')
      return soon
    }
  }

  /** To be told what became of each attempt: when the network says something of the delivery, a parked sender's probe has come through. */
  answered({ account, sender }: Delivery, { to, because }: Settlement, standing: Standing): NowOrLater<void> {
    const { senders, logger } = this.#options
    const { passage: passed, hold } = standing
    if (passed !== 'probe' || hold === undefined || to === 'throttled' || to === 'parked') return undefined
    if (!saysOfDelivery(because)) return undefined
    return senders.release(account, sender, hold).then(
      () => logger.info({ account, sender }, 'sender.released'),
      // It is probed again later.
      (err: unknown) => logger.error({ account, sender, err }, 'sender.release-failed'),
    )
  }

  async #hold({ account, sender }: Delivery, { because, to }: HoldingBack, revision: string): Promise<Hold> {
    const { senders, probeMs, logger } = this.#options
    const previous = await senders.findHold(account, sender)
    const moment = { now: Date.now(), revision }
    const next =
      to === 'parked' ? nextPark(previous, because, probeMs, moment) : nextThrottle(previous, because, moment)
    const hold = await senders.hold(account, sender, next)
    const { kind, reason, strikes, until } = hold
    const isNew = previous?.revision !== revision || previous.strikes !== strikes || previous.kind !== kind
    if (isNew) logger.warn({ account, sender, reason, strikes, until: new Date(until).toISOString() }, `sender.${kind}`)
    return hold
  }
}

function toStanding(id: string, hold: Hold | undefined, revision: string | undefined): Standing {
  return { hold, revision, passage: passage(hold, revision, id, Date.now()) }
}

/** What the deliveries of a worker ask of the senders. */
export type SenderStandings = Pick<HeldSenders, 'standingOf' | 'waitFor' | 'holdBack' | 'answered'>

/** Reasons that a network gives of a delivery. The others are ours, or no answer: nothing is known of the sender then. */
const networksWord: ReadonlySet<FailureReason> = new Set<FailureReason>([
  'conversation',
  'permission',
  'recipient',
  'window',
  'content',
  'rejected',
])

function saysOfDelivery(receipt: Receipt): boolean {
  return receipt.outcome === 'accepted' || networksWord.has(receipt.reason)
}
