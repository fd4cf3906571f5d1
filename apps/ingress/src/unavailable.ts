import { AsyncLocalStorage } from 'node:async_hooks'

import { NewerForm } from '@ott/queue'
import { isRedisTrouble } from '@ott/runtime'
import type { RequestHandler } from 'express'

import { errorcodes, Problem } from './problem.ts'

/**
 * A request waits for Redis no longer than this, in all: a caller is told within a second, however many commands there are and
 * even by a busy process.
 */
const patienceMs = 750

const usualMessage = 'The service is unavailable for the moment. Please try again'

/** `message` is what a client is told. `lasting`: it may well take longer than Redis does, and is waited for. */
type Manner = { readonly message?: string; readonly lasting?: boolean }

const patience = new AsyncLocalStorage<{ leftMs: number }>()

/** Gives each request its patience with Redis. */
export const limitPatience: RequestHandler = (_request, _response, next) =>
  patience.run({ leftMs: patienceMs }, () => next())

/**
 * The call of something kept in Redis, with each rejection that tells of trouble there turned into a 503. So
 * does a call that outlasts the request's patience, which goes on unheard. A fault of our own stays as it is.
 */
export function orUnavailable<Given extends unknown[], Result>(
  call: (...given: Given) => Promise<Result>,
  { message = usualMessage, lasting = false }: Manner = {},
) {
  return async (...given: Given): Promise<Result> => {
    try {
      return await (lasting ? call(...given) : patiently(call(...given)))
    } catch (error) {
      throw isPassing(error) ? unavailable(message, error) : error
    }
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

async function patiently<Result>(called: Promise<Result>): Promise<Result> {
  const store = patience.getStore()
  if (store === undefined) return called
  const startedAt = performance.now()
  const { promise: over, reject } = Promise.withResolvers<never>()
  const limit = setTimeout(() => reject(new OutOfPatience(`Redis took more than ${patienceMs} ms`)), store.leftMs)
  try {
    return await Promise.race([called, over])
  } finally {
    clearTimeout(limit)
    store.leftMs = Math.max(0, store.leftMs - (performance.now() - startedAt))
  }
}
