import { AsyncLocalStorage } from 'node:async_hooks'

import { NewerForm } from '@ott/queue'
import { isRedisTrouble, type NowOrLater } from '@ott/runtime'

import { errorcodes, Problem } from './problem.ts'

/**
 * A request waits for Redis no longer than this, in all: a caller is told within a second, however many commands there are and
 * even by a busy process.
 */
const patienceMs = 750

/** What a client is told, unless there is more to say. */
export const usualMessage = 'The service is unavailable for the moment. Please try again'

/** What is told of a message that may have been taken. */
export const whetherTakenUnknown =
  'The service is unavailable for the moment, and it is not known whether the message was taken. Please repeat the request ' +
  'with the same Idempotency-Key: without one it may be delivered twice'

/** `message` is what a client is told. `lasting`: it may well take longer than Redis does, and is waited for. */
type Manner = { readonly message?: string; readonly lasting?: boolean }

const patience = new AsyncLocalStorage<{ leftMs: number }>()

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
  const refuse = (error: unknown): never => {
    throw isPassing(error) ? unavailable(message, error) : error
  }
  return (...given: Given): NowOrLater<Result> => {
    const called = call(...given)
    if (!(called instanceof Promise)) return called
    return (lasting ? called : patiently(called)).catch(refuse)
  }
}

/** Not now, and the client may come back. `cause` is for the log. */
export function unavailable(message: string, cause: unknown): Problem {
  return new Problem(503, errorcodes.unavailable, message, { headers: { 'Retry-After': '1' }, cause })
}

/** With Redis back, or in the middle of an update by an ingress that has it already, the same request fares better. */
function isPassing(error: unknown): boolean {
  return error instanceof OutOfPatience || error instanceof NewerForm || isRedisTrouble(error)
}

class OutOfPatience extends Error {
  override readonly name = 'OutOfPatience'
}

/** A call under way, and when it has lasted too long. */
type Waiting = { readonly until: number; readonly giveUp: () => void }

const waiting = new Set<Waiting>()

/** How late a call may be given up: with a timer of its own for each, the timers alone took some percent of the ingress. */
const sweepMs = 25
let sweep: NodeJS.Timeout | undefined

function giveUpOverdue(): void {
  const now = performance.now()
  for (const call of waiting) {
    if (call.until > now) continue
    waiting.delete(call)
    call.giveUp()
  }
  sweep = waiting.size === 0 ? undefined : setTimeout(giveUpOverdue, sweepMs)
}

function patiently<Result>(called: Promise<Result>): Promise<Result> {
  const store = patience.getStore()
  if (store === undefined) return called
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new OutOfPatience(`Redis took more than ${patienceMs} ms`))
    const call: Waiting = { until: startedAt + store.leftMs, giveUp }
    const end = (): void => {
      waiting.delete(call)
      store.leftMs = Math.max(0, store.leftMs - (performance.now() - startedAt))
    }
    waiting.add(call)
    sweep ??= setTimeout(giveUpOverdue, sweepMs)
    void called.then(resolve, reject).finally(end)
  })
}
