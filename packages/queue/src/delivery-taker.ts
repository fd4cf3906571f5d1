import type { Ending, Exchange, Exchanged, NextJob } from './delivery-exchange.ts'
import { TakenAhead } from './taken-ahead.ts'
import { togetherMax, TurnCalls } from './turn-calls.ts'

/** What a worker has in hand, as far as it says how many more it may take. */
export type Room = {
  /** How many deliveries may be taken now. */
  readonly room: number
  /** How many of the slow lane may be. What is left of the places is for those who keep within their share. */
  readonly slowRoom: number
  /** The tokens by which deliveries were let go that did not come to an end: another is taken in the place of each. */
  readonly vacated: Set<string>
}

export type DeliveryTakerOptions = {
  readonly inHand: Room
  /** Whether no more are to be taken. */
  readonly isClosing: () => boolean
  /** Has Redis make the exchanges, with no more of the slow lane than `slowRoom`. An error is what one of them rejects with. */
  readonly exchange: (exchanges: readonly Exchange[], slowRoom: number) => Promise<readonly (Exchanged | Error)[]>
}

/** How one worker of BullMQ's takes deliveries off a queue and gives them back, many at a time. */
export class DeliveryTaker {
  readonly #options: DeliveryTakerOptions
  readonly #exchanging = new TurnCalls<Exchange, Exchanged>({ answerAll: (exchanges) => this.#exchangeAll(exchanges) })
  readonly #ahead = new TakenAhead<NextJob>(([job]) => this.#giveBackUntouched(job))
  /** Places that unanswered exchanges are about: those they take deliveries for, and those that are being given back. */
  #asked = 0
  /** Taken in this turn, of which the worker does not know yet. */
  #onTheWay = 0
  #busyElsewhere = 0

  constructor(options: DeliveryTakerOptions) {
    this.#options = options
  }

  /** Whether there is one to be had without asking Redis. */
  get hasAhead(): boolean {
    return this.#ahead.size > 0
  }

  /**
   * As many are taken as there is room for: BullMQ's worker asks for one after the other, and begins with none before it is told
   * that there are no more, as it is after each piece. Where there are, there is a marker to wake it.
   */
  async take(token: string): Promise<NextJob> {
    const isInPlace = this.#options.inHand.vacated.delete(token)
    const ahead = isInPlace ? this.#ahead.take() : this.#ahead.next()
    if (ahead !== undefined) return ahead
    const takes = isInPlace ? 1 : this.#room()
    const { next, more, none } = await this.#ask({ token, takes })
    if (takes > 1 && next[0] !== undefined) this.#ahead.hold(more, none)
    return next
  }

  /** Gives one back, and takes another in its place with `fetchNext`. */
  giveBack(ending: Ending, token: string, fetchNext: boolean): Promise<Pick<Exchanged, 'at' | 'next'>> {
    if (!fetchNext || this.#options.isClosing()) return this.#ask({ ending, token, takes: 0 })
    const ahead = this.#ahead.take()
    if (ahead === undefined) return this.#ask({ ending, token, takes: 1 })
    return this.#giveBackFor(ahead, ending, token)
  }

  /** Does what ends a delivery by a script of BullMQ's, and takes another in its place with `fetchNext`. */
  async endElsewhere<Ended>(end: () => Promise<Ended>, token: string, fetchNext: boolean) {
    const ended = await this.#keepPlace(end)
    if (!fetchNext || this.#options.isClosing()) return { ended, next: undefined }
    // It has ended, whatever comes of this: where nothing does, BullMQ's worker asks by itself.
    const taken = this.#ahead.take() ?? (await this.#ask({ token, takes: 1 }).catch(() => undefined))?.next
    return { ended, next: taken }
  }

  /** To be told when the worker is woken: that there was none may be true no longer. */
  woken(): void {
    this.#ahead.forget()
  }

  /** Gives back what the worker has not come for. */
  close(): Promise<void> {
    return this.#ahead.giveBack()
  }

  /** The next one is there already. */
  async #giveBackFor(next: NextJob, ending: Ending, token: string): Promise<Pick<Exchanged, 'at' | 'next'>> {
    try {
      const { at } = await this.#ask({ ending, token, takes: 0 })
      return { at, next }
    } catch (error) {
      this.#ahead.hold([next])
      throw error
    }
  }

  /** As if it had not been picked up. */
  async #giveBackUntouched(job: NextJob[0]): Promise<void> {
    if (job?.id === undefined) return
    const ending = { id: job.id, written: '[]', attempts: 0, due: Date.now() }
    await this.#ask({ ending, token: job.token, takes: 0 })
  }

  async #keepPlace<Ended>(end: () => Promise<Ended>): Promise<Ended> {
    this.#busyElsewhere += 1
    try {
      return await end()
    } finally {
      this.#busyElsewhere -= 1
    }
  }

  #ask(exchange: Exchange): Promise<Exchanged> {
    this.#asked += countPlaces(exchange)
    return this.#exchanging.ask(exchange)
  }

  #room(): number {
    const taken = this.#asked + this.#busyElsewhere + this.#onTheWay
    return Math.min(Math.max(1, this.#options.inHand.room - taken), togetherMax)
  }

  async #exchangeAll(exchanges: readonly Exchange[]): Promise<readonly (Exchanged | Error)[]> {
    const slowRoom = this.#options.inHand.slowRoom - this.#onTheWay - this.#ahead.size
    const exchanged = await this.#options.exchange(exchanges, Math.max(0, slowRoom)).finally(() => {
      for (const exchange of exchanges) this.#asked -= countPlaces(exchange)
    })
    const taken = exchanged.reduce((count, each) => count + countTaken(each), 0)
    this.#onTheWay += taken
    setImmediate(() => (this.#onTheWay -= taken))
    return exchanged
  }
}

/** What gives one back without taking another is asked for one in its place soon after. */
function countPlaces({ takes }: Exchange): number {
  return Math.max(1, takes)
}

function countTaken(exchanged: Exchanged | Error): number {
  if (exchanged instanceof Error) return 0
  return (exchanged.next[0] === undefined ? 0 : 1) + exchanged.more.length
}
