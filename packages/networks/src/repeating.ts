import { type Answer, type Call, type Exchange, NoAnswer, TooLate } from '@ott/delivery'
import pRetry from 'p-retry'

import { answerLeavesOpen, errorLeavesOpen, rememberingDoubt } from './doubt.ts'

/** Repeats of one call, within seconds: after 0.25, 0.5 and 1 s, each up to doubled by chance. What takes longer is deferred. */
const repeats = { retries: 3, factor: 2, randomize: true } as const
const usualFirstRepeatMs = 250

type Timing = { readonly firstRepeatMs?: number; readonly now?: () => number }

/** An answer that should be another within seconds, while p-retry has it. */
class Passing extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`passing ${answer.status}`)
    this.answer = answer
  }
}

/** Makes a call as often as it is safe and useful; what is left open at one time is remembered at the next. */
export function repeating(exchangeOnce: Exchange, timing: Timing): Exchange {
  const { firstRepeatMs: minTimeout = usualFirstRepeatMs, now = Date.now } = timing
  const isTooLate = ({ notAfter }: Call) => notAfter !== undefined && now() > notAfter

  async function again(exchange: Exchange, call: Call, first: unknown): Promise<Answer> {
    let last = first
    const attempt = async (tries: number): Promise<Answer> => {
      if (tries === 1 || isTooLate(call)) throw last
      const answer = await exchange(call)
      if (call.passing(answer)) throw new Passing(answer)
      return answer
    }
    try {
      return await pRetry(attempt, {
        ...repeats,
        minTimeout,
        signal: call.signal,
        shouldRetry: ({ error }) => {
          last = error
          return !isTooLate(call) && worthRepeating(call, error)
        },
      })
    } catch (error) {
      if (error instanceof Passing) return error.answer
      throw error
    }
  }

  return async (call) => {
    if (isTooLate(call)) throw new TooLate('the call would have come after the time that it was to be made by')
    let first: unknown
    try {
      const answer = await exchangeOnce(call)
      if (!call.passing(answer)) return answer
      first = new Passing(answer)
    } catch (error) {
      first = error
    }
    // Nearly every call ends with its first try, and does not pay for p-retry, nor for a memory.
    return again(rememberingDoubt(exchangeOnce, leavesDoubt(call, first)), call, first)
  }
}

function leavesDoubt(call: Call, first: unknown): boolean {
  return first instanceof Passing ? answerLeavesOpen(call, first.answer) : errorLeavesOpen(first)
}

function worthRepeating(call: Call, error: Error): boolean {
  if (error instanceof Passing) return true
  return error instanceof NoAnswer && (call.repeatable || !error.reached)
}
