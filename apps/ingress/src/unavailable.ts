import { AsyncLocalStorage } from 'node:async_hooks'

import { NewerForm, NotSentInTime } from '@ott/queue'
import { isRedisTrouble, type NowOrLater } from '@ott/runtime'

import { errorcodes, Problem } from './problem.ts'

/**
 * A request waits for Redis no longer than this, in all: a caller is told within a second, however many commands there are and
 * even by a busy process.
 */
const patienceMs = 750

/** What a client is told, unless there is more to say. */
export const usualMessage = 'The service is unavailable for the moment. Please try again'

/** What is told while no messages are taken, and of one that did not come to Redis. */
export const notTaken = 'The service takes no messages for the moment. This one was not taken. Please try again'

/** What is told of a message that may have been taken. */
export const whetherTakenUnknown =
  'The service is unavailable for the moment, and it is not known whether the message was taken. Please repeat the request ' +
  'with the same Idempotency-Key: without one it may be delivered twice'

/** `message` is what a client is told. `lasting`: it may well take longer than Redis does, and is waited for. */
type Manner = { readonly message?: string; readonly lasting?: boolean }

/** For how long a request still waits, in milliseconds. */
type Patience = { leftMs: number }

const patience = new AsyncLocalStorage<Patience>()

/** Does something with the patience with Redis that a request has. */
export function limitPatience<Result>(act: () => Result): Result {
  return patience.run({ leftMs: patienceMs }, act)
}

/**
 * The call of something kept in Redis, with each rejection that tells of trouble there turned into a 503. So
 * does a call that outlasts the request's patience, which goes on unheard. A fault of our own stays as it is.
 */
export function orUnavailable<Given extends unknown[], Result>(
  call: (...given: Given) => Promise<Result>,
  manner?: Manner,
): (...given: Given) => Promise<Result>
export function orUnavailable<Given extends unknown[], Result>(
  call: (...given: Given) => NowOrLater<Result>,
  manner?: Manner,
): (...given: Given) => NowOrLater<Result>
export function orUnavailable<Given extends unknown[], Result>(
  call: (...given: Given) => NowOrLater<Result>,
  { message = usualMessage, lasting = false }: Manner = {},
) {
  return (...given: Given): NowOrLater<Result> => {
    const called = call(...given)
    if (!(called instanceof Promise)) return called
    return new Promise((resolve, reject) => {
      const refuse = (error: unknown): void => {
        const told = error instanceof NotSentInTime ? notTaken : message
        reject(isPassing(error) ? unavailable(told, error) : error)
      }
      const wait = lasting ? undefined : beginToWait(refuse)
      called.then(
        (result) => {
          wait?.end()
          return resolve(result)
        },
        (error: unknown) => {
          wait?.end()
          return refuse(error)
        },
      )
    })
  }
}

/** Not now, and the client may come back. `cause` is for the log. */
export function unavailable(message: string, cause: unknown): Problem {
  return new Problem(503, errorcodes.unavailable, message, { headers: { 'Retry-After': '1' }, cause })
}

/** With Redis back, or in the middle of an update by an ingress that has it already, the same request fares better. */
function isPassing(error: unknown): boolean {
  return [OutOfPatience, NewerForm, NotSentInTime].some((kind) => error instanceof kind) || isRedisTrouble(error)
}

class OutOfPatience extends Error {
  override readonly name = 'OutOfPatience'
}

/** A request's wait for a call, which takes as long of its patience. */
class Wait {
  readonly #patience: Patience
  readonly #refuse: (error: OutOfPatience) => void
  readonly #startedAt = performance.now()
  readonly #until: number

  constructor(given: Patience, refuse: (error: OutOfPatience) => void) {
    this.#patience = given
    this.#refuse = refuse
    this.#until = this.#startedAt + given.leftMs
  }

  isOver(now: number): boolean {
    return this.#until <= now
  }

  giveUp(): void {
    waiting.delete(this)
    this.#refuse(new OutOfPatience(`Redis took more than ${patienceMs} ms`))
  }

  end(): void {
    waiting.delete(this)
    this.#patience.leftMs = Math.max(0, this.#patience.leftMs - (performance.now() - this.#startedAt))
  }
}

const waiting = new Set<Wait>()

/** How late a call may be given up: with a timer of its own for each, the timers alone took some percent of the ingress. */
const sweepMs = 25
let sweep: NodeJS.Timeout | undefined

function giveUpOverdue(): void {
  const now = performance.now()
  for (const wait of waiting) if (wait.isOver(now)) wait.giveUp()
  sweep = waiting.size === 0 ? undefined : setTimeout(giveUpOverdue, sweepMs)
}

/** What is no part of a request is waited for without a limit. */
function beginToWait(refuse: (error: OutOfPatience) => void): Wait | undefined {
  const store = patience.getStore()
  if (store === undefined) return undefined
  const wait = new Wait(store, refuse)
  waiting.add(wait)
  sweep ??= setTimeout(giveUpOverdue, sweepMs)
  return wait
}
