import { setTimeout } from 'node:timers/promises'

/** Into how many parts a second's limit is divided. */
const partsOfLimit = 50

/** What a process may hold beforehand, so that it need not ask for each delivery: of a second's limit. */
const heldPart = 1 / 100

/** A little more comes up again than can be sent, so that no window goes by half empty. */
const surplus = 1.05

/** For how long a process books times for what it puts off. */
const bookedMs = 100

/** When no delivery was put off for so long, the next one is told of again. */
const calmMs = 10_000

/** How long before its time, and how many at once, deliveries of a sender may wait in a process: they come in bursts. */
const aheadMs = 100
const aheadMax = 24

/** At what intervals deliveries may be sent. A window's length is in milliseconds, and may have a fraction. */
export type Windows = {
  readonly lengthMs: number
  readonly perWindow: number
  readonly held: number
  /** How many windows ahead a delivery is taken for: it waits for less than the time it would take to put it off. */
  readonly ahead: number
}

/**
 * Divides a limit so that no second has more than it, wherever it begins: beside those within it a second touches a window at
 * either end, what was taken for another may be late, and two processes may have sent what they held beforehand.
 */
export function toWindows(perSecond: number): Windows {
  const held = Math.floor(perSecond * heldPart)
  const perWindow = Math.max(1, Math.round(perSecond / partsOfLimit))
  const windows = Math.floor((perSecond - 2 * held) / perWindow)
  const lengthMs = 1000 / Math.max(1, windows - 2)
  return {
    lengthMs,
    perWindow,
    held,
    ahead: Math.max(1, Math.floor(Math.min(aheadMs / lengthMs, aheadMax / perWindow))),
  }
}

/** What a paced sender works with. */
export type PaceKeeping = {
  /** Counts so many deliveries in a window. Resolves with how many all processes have counted in it, these included. */
  readonly use: (window: number, points: number) => Promise<number>
  /** Books so long a time for deliveries to come up again in. Resolves with when it begins, after what all processes booked. */
  readonly book: (ms: number) => Promise<number>
  /** Told when deliveries begin to be put off. */
  readonly onPaced: () => void
}

/** One sender's deliveries of one pace, as one process sends them. */
export class PacedSender {
  readonly #windows: Windows
  readonly #keeping: PaceKeeping
  #held: number
  /** The last window that is known to be used up. */
  #usedUp = 0
  #asking: Promise<void> | undefined
  /** When the next one that is put off comes up again, and how many more may at the times that are booked. */
  #booked = { next: 0, left: 0 }
  #booking: Promise<void> | undefined
  #lastPutOffAt = 0

  constructor(perSecond: number, keeping: PaceKeeping) {
    this.#windows = toWindows(perSecond)
    this.#held = this.#windows.held
    this.#keeping = keeping
  }

  /** Whether a delivery may be sent now, as far as this process knows. */
  take(): boolean {
    if (this.#held <= 0) return false
    this.#held -= 1
    return true
  }

  /**
   * Asks all processes' count. Resolves when the delivery may be sent, with 0, or with for how many milliseconds it is to be put
   * off. What has come a moment too soon waits for one of the next windows, of which replies have one more.
   */
  async ask(isReply: boolean): Promise<number> {
    const { lengthMs, ahead } = this.#windows
    const windowNow = () => Math.floor(Date.now() / lengthMs)
    let window = windowNow()
    while (this.#usedUp < window) {
      this.#asking ??= this.#fill(window)
      await this.#asking
      if (this.take()) return 0
      // Where Redis took its time, what earlier windows still had would all go now.
      window = windowNow()
    }
    const last = window + ahead + (isReply ? 1 : 0)
    for (let next = this.#usedUp + 1; next <= last; next = this.#usedUp + 1) {
      if ((await this.#use(next, 1)) === 0) {
        this.#usedUp = Math.max(this.#usedUp, next)
        continue
      }
      const soonMs = next * lengthMs - Date.now()
      if (soonMs > 0) await setTimeout(soonMs)
      // A busy process may come to it when the window is over: in another it would be one too many.
      return Date.now() < (next + 1) * lengthMs ? 0 : this.ask(isReply)
    }
    return isReply ? lengthMs * (1 + 2 * Math.random()) : this.#putOff()
  }

  async #fill(window: number): Promise<void> {
    const wanted = Math.max(1, this.#windows.held)
    const got = await this.#use(window, wanted)
    this.#held += got
    if (got < wanted) this.#usedUp = Math.max(this.#usedUp, window)
    this.#asking = undefined
  }

  /** How many of so many the window still had. None when Redis does not say: they wait then. */
  async #use(window: number, wanted: number): Promise<number> {
    const counted = await this.#keeping.use(window, wanted).catch(() => Infinity)
    return Math.max(0, Math.min(wanted, this.#windows.perWindow - (counted - wanted)))
  }

  async #putOff(): Promise<number> {
    const now = Date.now()
    if (now - this.#lastPutOffAt > calmMs) this.#keeping.onPaced()
    this.#lastPutOffAt = now
    const { lengthMs, perWindow } = this.#windows
    const apartMs = lengthMs / perWindow / surplus
    while (this.#booked.left === 0) {
      this.#booking ??= this.#book(apartMs)
      await this.#booking
    }
    const at = this.#booked.next
    this.#booked = { next: at + apartMs, left: this.#booked.left - 1 }
    return Math.max(lengthMs, at - Date.now())
  }

  async #book(apartMs: number): Promise<void> {
    const count = Math.max(1, Math.round(bookedMs / apartMs))
    const next = await this.#keeping.book(count * apartMs).catch(() => Date.now() + bookedMs)
    this.#booked = { next, left: count }
    this.#booking = undefined
  }
}
