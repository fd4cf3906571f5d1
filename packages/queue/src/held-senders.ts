import { type Delivery, type Hold, type Passage, passage, type Receipt } from '@ott/delivery'
import type { Logger } from '@ott/runtime'

import type { Failure } from './failure.ts'
import { nextPark, nextThrottle } from './next-hold.ts'
import type { ParkedDeliveries } from './parked-deliveries.ts'
import type { Settlement } from './settle.ts'
import { Spread } from './spread.ts'

/** A parked delivery looks for itself whether its sender is still held back, should whoever releases it have missed it. */
const lookAgainMs = 60 * 60 * 1000

/** How many deliveries of a sender that was throttled come back in a second, of those that one process put off. */
const throttledPerSecond = 100

/** The registered senders and what holds them back, as the queue asks for it for each delivery: it must be cheap. */
export type Senders = {
  /** Of the sender's registration now; `undefined` when there is none, or none that is active. */
  readonly findRevision: (account: string, sender: string) => Promise<string | undefined>
  /** What the sender was last held back by. */
  readonly findHold: (account: string, sender: string) => Promise<Hold | undefined>
  /** Resolves with the hold that is kept: a stricter one may have been there. */
  readonly hold: (account: string, sender: string, hold: Hold) => Promise<Hold>
  readonly release: (account: string, sender: string) => Promise<unknown>
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
  readonly #spread = new Spread(throttledPerSecond)

  constructor(options: HeldSendersOptions) {
    this.#options = options
  }

  /** How the delivery's sender stands now. */
  async standingOf({ id, account, sender }: Delivery): Promise<Standing> {
    const { findHold, findRevision } = this.#options.senders
    const [hold, revision] = await Promise.all([findHold(account, sender), findRevision(account, sender)])
    return { hold, revision, passage: passage(hold, revision, id, Date.now()) }
  }

  /** How long a delivery waits whose sender is held back. */
  async waitFor(delivery: Delivery, { reason, message, kind, until }: Hold): Promise<SenderWait> {
    const { account, sender } = delivery
    if (kind === 'throttled')
      return { reason, message, parked: false, waitMs: this.#spread.wakeAt(account, sender, { until }) - Date.now() }
    await this.#options.parked.add(delivery)
    return { reason, message, parked: true, waitMs: lookAgainMs * (1 + Math.random() / 5) }
  }

  /** Holds a delivery's sender back after an attempt, and says how long the delivery waits for it. */
  async holdBack(delivery: Delivery, settlement: HoldingBack, { revision }: Standing): Promise<SenderWait> {
    const { senders, probeMs, logger } = this.#options
    const { account, sender } = delivery
    const { because, to } = settlement
    if (revision === undefined) throw new Error('an attempt was made for a sender that is not registered')
    const previous = await senders.findHold(account, sender)
    const moment = { now: Date.now(), revision }
    const next =
      to === 'parked' ? nextPark(previous, because, probeMs, moment) : nextThrottle(previous, because, moment)
    const hold = await senders.hold(account, sender, next)
    const isNew = previous?.revision !== revision || previous.strikes !== hold.strikes || previous.kind !== hold.kind
    if (isNew)
      logger.warn(
        { account, sender, reason: hold.reason, strikes: hold.strikes, until: new Date(hold.until).toISOString() },
        `sender.${hold.kind}`,
      )
    return this.waitFor(delivery, hold)
  }

  /** To be told what the network said of a delivery rather than of its sender: a parked one's probe has come through then. */
  async answered({ account, sender }: Delivery, receipt: Receipt, standing: Standing): Promise<void> {
    if (standing.passage !== 'probe' || !saysOfDelivery(receipt)) return
    await this.#options.senders.release(account, sender)
    this.#options.logger.info({ account, sender }, 'sender.released')
  }
}

/** What the deliveries of a worker ask of the senders. */
export type SenderStandings = Pick<HeldSenders, 'standingOf' | 'waitFor' | 'holdBack' | 'answered'>

/** Where no answer came, or none that counts, nothing is known of the sender either. */
function saysOfDelivery(receipt: Receipt): boolean {
  return receipt.outcome !== 'deferred' || receipt.reason === 'conversation'
}
