import type { LookupFunction } from 'node:net'

import { type Answer, type Call, EndpointNotAllowed, type Exchange } from '@ott/delivery'
import { Agent, buildConnector } from 'undici'

import { createCallbackGuard, createEndpointGuard, type EndpointGuard } from './endpoint-guard.ts'
import { Gathering } from './gathering.ts'
import { inTurn } from './in-turn.ts'
import { publicLookup } from './public-address.ts'
import { repeating } from './repeating.ts'

/** An answer larger than this is none a network gives. */
const answerMaxBytes = 1024 * 1024

/** URLs that are kept in mind; when there are more, all of them are read anew. */
const targetsMax = 10_000

/** So many time-outs a whole answer may take: one that trickles in must not hold a worker's place for ever. */
const limitTimes = 3

export type HttpOptions = {
  /** How long a network may take to connect, to answer, and between two pieces of an answer. */
  readonly timeoutMs: number
  /** The hosts that may be called, each a `host` or `host:port`: what {@link EndpointGuard} makes of them. */
  readonly endpointHosts: readonly string[]
  /** The wait before a call's first repeat; the next ones wait twice as long each. */
  readonly firstRepeatMs?: number
  /** The clock, in milliseconds since 1970, that says whether a call comes too late. */
  readonly now?: () => number
  /** Finds a host's addresses; the system's way unless told otherwise. */
  readonly lookup?: LookupFunction
  /** Puts something around each call, the repeats of one among them: to measure it, say. */
  readonly around?: ((exchange: Exchange) => Exchange) | undefined
}

type CallbackHttpOptions = Omit<HttpOptions, 'endpointHosts'> & { readonly callbackHosts: readonly string[] }
type GuardedOptions = Omit<HttpOptions, 'endpointHosts'> & { readonly guard: EndpointGuard }

/** The networks' HTTP: a pool of kept-alive connections to each origin. Redirects are not followed. */
export type Http = { readonly exchange: Exchange; readonly close: () => Promise<void> }

/** An exchange rejects with {@link EndpointNotAllowed}, before any connection, when its URL is not at one of the hosts. */
export function openHttp({ endpointHosts, ...options }: HttpOptions): Http {
  return openGuarded({ ...options, guard: createEndpointGuard(endpointHosts) })
}

/** Likewise for callbacks: what {@link createCallbackGuard} makes of `callbackHosts` says where they may go. */
export function openCallbackHttp({ callbackHosts, ...options }: CallbackHttpOptions): Http {
  return openGuarded({ ...options, guard: createCallbackGuard(callbackHosts) })
}

function openGuarded(options: GuardedOptions): Http {
  const { timeoutMs, guard } = options
  const agent = new Agent({
    connect: guardedConnect(options),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: answerMaxBytes,
  })
  const targetOf = makeTargets(guard)
  const exchangeOnce: Exchange = (call) => begin(call, targetOf(call.url), { agent, limitMs: timeoutMs * limitTimes })
  const eachCall = options.around?.(exchangeOnce) ?? exchangeOnce
  return { exchange: repeating(eachCall, options), close: () => agent.close() }
}

/** Where a call goes, or why it must not. */
type Target =
  | { readonly host: string; readonly origin: string; readonly path: string }
  | { readonly host: string; readonly hindrance: string }

/** Each URL is read and judged once: a sender's are the same for all its calls. */
function makeTargets(guard: EndpointGuard): (url: string) => Target {
  const known = new Map<string, Target>()
  return (given) => {
    const found = known.get(given)
    if (found !== undefined) return found
    if (known.size >= targetsMax) known.clear()
    const target = toTarget(new URL(given), guard)
    known.set(given, target)
    return target
  }
}

function toTarget(url: URL, guard: EndpointGuard): Target {
  const { host, origin, pathname, search } = url
  const hindrance = guard.whyNot(url)
  return hindrance === undefined ? { host, origin, path: pathname + search } : { host, hindrance }
}

/** Checks a host's addresses at the connection itself: what its name says earlier or later need not be the same. */
function guardedConnect({ guard, timeoutMs: timeout, lookup }: GuardedOptions): buildConnector.connector {
  const anywhere = buildConnector({ timeout, ...(lookup && { lookup }) })
  const inPublic = buildConnector({ timeout, lookup: publicLookup(lookup) })
  return (target, callback) => {
    const { origin } = new URL(`${target.protocol}//${target.host ?? target.hostname}`)
    const connect = guard.vouchedFor(origin) ? anywhere : inPublic
    connect(target, callback)
  }
}

function begin(call: Call, target: Target, { agent, limitMs }: { agent: Agent; limitMs: number }): Promise<Answer> {
  const { method, headers, body = null, signal } = call
  const { host } = target
  if ('hindrance' in target)
    return Promise.reject(
      new EndpointNotAllowed(`the endpoint is at ${host}, which may not be called: ${target.hindrance}`),
    )
  if (signal.aborted) return Promise.reject(signal.reason)
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const gathering = new Gathering(call, { limitMs, host, resolve, reject })
  inTurn(() => agent.dispatch({ origin: target.origin, path: target.path, method, headers, body }, gathering))
  return promise
}
