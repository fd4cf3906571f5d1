/** A call that waits to be sent. */
type Waiting<Question, Answer> = {
  readonly question: Question
  /** By `performance.now()`. */
  readonly askedAt: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** So many calls go to Redis together at most: it answers nobody else while it is at them. */
export const togetherMax = 100

/** What was asked for has not been sent, and will not be. */
export class NotSentInTime extends Error {
  override readonly name = 'NotSentInTime'
}

export type TurnCallsOptions<Question, Answer> = {
  /** Resolves with an answer to each question, in their order; an error is what that question's call rejects with. */
  readonly answerAll: (questions: readonly Question[]) => Promise<readonly (Answer | Error)[]>
  /** So many pieces are on their way at most. One, unless told otherwise. */
  readonly piecesMax?: number
  /** What has waited for longer, in milliseconds, is rejected with {@link NotSentInTime}. It may wait for ever, unless told otherwise. */
  readonly waitMaxMs?: number
}

/**
 * Puts together what is asked for within one turn of the event loop, and while the answers to the calls before are awaited, so that
 * one script answers it all: a script of Redis's costs about as much to call, on either side, as what it does for one delivery.
 * Where as many wait as go together, they go at once, as far as several pieces may be on their way: Redis puts on its disk together
 * what comes in the meantime.
 */
export class TurnCalls<Question, Answer> {
  readonly #options: Required<TurnCallsOptions<Question, Answer>>
  readonly #waiting: Waiting<Question, Answer>[] = []
  #isGathering = false
  #underWay = 0

  constructor(options: TurnCallsOptions<Question, Answer>) {
    this.#options = { piecesMax: 1, waitMaxMs: Number.POSITIVE_INFINITY, ...options }
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, askedAt: performance.now(), resolve, reject })
      if (this.#underWay === 0 || this.#hasPieceToSend) this.#gather()
    })
  }

  /** Whether a whole piece waits, and may go while others are on their way. */
  get #hasPieceToSend(): boolean {
    return this.#waiting.length >= togetherMax && this.#underWay < this.#options.piecesMax
  }

  /** Sends what is there at the end of this turn. */
  #gather(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    setImmediate(() => {
      this.#isGathering = false
      do void this.#sendOn()
      while (this.#hasPieceToSend)
    })
  }

  /** Sends a piece, and so on while whole ones wait; the last that is on its way takes the rest along. */
  async #sendOn(): Promise<void> {
    this.#underWay += 1
    do await this.#send(this.#nextPiece())
    while (this.#waiting.length >= (this.#underWay === 1 ? 1 : togetherMax))
    this.#underWay -= 1
  }

  #nextPiece(): readonly Waiting<Question, Answer>[] {
    const { waitMaxMs } = this.#options
    const now = performance.now()
    const firstInTime = this.#waiting.findIndex(({ askedAt }) => now - askedAt <= waitMaxMs)
    const late = this.#waiting.splice(0, firstInTime === -1 ? this.#waiting.length : firstInTime)
    for (const { reject } of late)
      reject(new NotSentInTime(`it waited for more than ${waitMaxMs} ms to be sent to Redis`))
    return this.#waiting.splice(0, togetherMax)
  }

  async #send(calls: readonly Waiting<Question, Answer>[]): Promise<void> {
    if (calls.length === 0) return
    try {
      const answers = await this.#options.answerAll(calls.map(({ question }) => question))
      for (const [index, { resolve, reject }] of calls.entries()) {
        const answer = answers[index]
        if (answer === undefined || answer instanceof Error) reject(answer ?? new Error('Redis left a call unanswered'))
        else resolve(answer)
      }
    } catch (error) {
      for (const { reject } of calls) reject(error)
    }
  }
}
