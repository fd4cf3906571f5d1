/** A call that waits to be sent. */
type Waiting<Question, Answer> = {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** So many calls go to Redis together at most: it answers nobody else while it is at them. */
export const togetherMax = 100

/**
 * Puts together what is asked for within one turn of the event loop, and while the answers to the calls before are awaited, so that
 * one script answers it all: a script of Redis's costs about as much to call, on either side, as what it does for one delivery.
 */
export class TurnCalls<Question, Answer> {
  readonly #answerAll: (questions: readonly Question[]) => Promise<readonly (Answer | Error)[]>
  readonly #waiting: Waiting<Question, Answer>[] = []
  #isSending = false
  #sent = 0

  /** `answerAll` resolves with an answer to each question, in their order; an error is what that question's call rejects with. */
  constructor(answerAll: (questions: readonly Question[]) => Promise<readonly (Answer | Error)[]>) {
    this.#answerAll = answerAll
  }

  /** How many calls wait to be sent or to be answered. */
  get unanswered(): number {
    return this.#waiting.length + this.#sent
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject })
      if (this.#isSending) return
      this.#isSending = true
      setImmediate(() => void this.#sendAll())
    })
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#send(this.#waiting.splice(0, togetherMax))
    this.#isSending = false
  }

  async #send(calls: readonly Waiting<Question, Answer>[]): Promise<void> {
    this.#sent = calls.length
    try {
      const answers = await this.#answerAll(calls.map(({ question }) => question)).finally(() => (this.#sent = 0))
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
