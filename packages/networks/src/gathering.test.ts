import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { LookupFunction } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

import { afterEach, expect, test } from '@jest/globals'
import { type Answer, NoAnswer } from '@ott/delivery'
import type { Dispatcher } from 'undici'

import { type Http, openHttp } from './exchange.ts'
import { Gathering } from './gathering.ts'

const opened: { readonly server: Server; readonly http: Http }[] = []

afterEach(async () => {
  for (const { server, http } of opened.splice(0)) {
    server.closeAllConnections()
    await Promise.all([http.close(), once(server.close(), 'close')])
  }
})

/** A network that answers like this, and what makes a call to it that the signal ends. */
async function network(answer: RequestListener, timeoutMs = 5000, lookup?: LookupFunction) {
  const server = createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const host = typeof address === 'object' ? `127.0.0.1:${address?.port}` : ''
  const name = lookup === undefined ? host : host.replace('127.0.0.1', 'network.example')
  const http = openHttp({ timeoutMs, firstRepeatMs: 1, endpointHosts: [name], ...(lookup && { lookup }) })
  opened.push({ server, http })
  return (signal = new AbortController().signal) =>
    http.exchange({
      method: 'GET',
      url: `http://${name}/`,
      headers: {},
      signal,
      repeatable: false,
      passing: () => false,
    })
}

test('an answer that comes in pieces is read whole, wherever it was cut', async () => {
  const whole = Buffer.from(JSON.stringify({ said: 'ありがとう 🙏'.repeat(100) }))
  const call = await network((_request, response) => {
    response.writeHead(200, { 'x-line-request-id': 'abc' })
    const pieces = Array.from({ length: Math.ceil(whole.length / 7) }, (_, index) =>
      whole.subarray(index * 7, index * 7 + 7),
    )
    for (const piece of pieces) response.write(piece)
    response.end()
  })
  expect(await call()).toMatchObject({
    status: 200,
    headers: { 'x-line-request-id': 'abc' },
    body: JSON.parse(whole.toString()),
  })
})

test('what is said before the answer is not taken for it', async () => {
  const call = await network((_request, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    response.writeHead(429, { 'retry-after': '7' }).end('{}')
  })
  expect(await call()).toMatchObject({ status: 429, headers: { 'retry-after': '7' }, body: {} })
})

test('an answer that goes on trickling in is given up', async () => {
  const over = new AbortController()
  const call = await network((_request, response) => {
    response.writeHead(500)
    const trickling = setInterval(() => response.write(' '), 20)
    response.on('close', () => (clearInterval(trickling), over.abort()))
  }, 100)
  const failure: unknown = await call().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(NoAnswer)
  expect(failure).toMatchObject({ reached: true, message: expect.stringContaining('TimeoutError') })
  await wait(5000, undefined, { signal: over.signal }).catch(() => undefined)
  expect(over.signal.aborted).toBe(true)
})

test('an answer larger than any that a network gives is not gathered', async () => {
  const call = await network((_request, response) => response.writeHead(500).end('x'.repeat(2 * 1024 * 1024)))
  await expect(call()).rejects.toMatchObject({ reached: true, message: expect.stringContaining('EXCEEDED_MAX_SIZE') })
})

test('a signal ends every call under way, whatever each waits for, and lets none begin', async () => {
  const stop = new AbortController()
  let arrived = 0
  const call = await network((_request, response) => {
    arrived += 1
    if (arrived === 1) response.writeHead(500).write('{')
    if (arrived === 2) stop.abort(new Error('stopping'))
  })
  const ended = await Promise.allSettled([call(stop.signal), call(stop.signal), call(stop.signal)])
  for (const end of ended) expect(end).toMatchObject({ status: 'rejected', reason: { message: 'stopping' } })
  const before = arrived
  await expect(call(stop.signal)).rejects.toThrow('stopping')
  expect(arrived).toBe(before)
})

test('the end of one call leaves the others of its signal to be ended', async () => {
  const stop = new AbortController()
  let arrived = 0
  const call = await network((_request, response) => {
    arrived += 1
    if (arrived === 1) response.end('{}')
    else stop.abort(new Error('stopping'))
  })
  expect(await call(stop.signal)).toMatchObject({ status: 200 })
  await expect(call(stop.signal)).rejects.toThrow('stopping')
})

test('a call that waits for its connection ends with its signal at once, and is never made', async () => {
  const stop = new AbortController()
  const { promise: lookedUp, resolve: looked } = Promise.withResolvers<void>()
  const lookups: (() => void)[] = []
  let isFound = false
  let arrived = 0
  const call = await network(
    (_request, response) => ((arrived += 1), response.end('{}')),
    5000,
    (_hostname, { all }, callback) => {
      const address = '127.0.0.1'
      const tell = () => (all === true ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4))
      if (isFound) tell()
      else lookups.push(tell)
      looked()
    },
  )
  const ended = call(stop.signal).catch((error: unknown) => error)
  await lookedUp
  stop.abort(new Error('stopping'))
  expect(await ended).toMatchObject({ message: 'stopping' })
  isFound = true
  for (const tell of lookups) tell()
  expect(await call()).toMatchObject({ status: 200 })
  expect(arrived).toBe(1)
})

/** What a call comes to that fails like this, once it was begun or before. */
async function failureOf(code: string, begun: boolean): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const signal = new AbortController().signal
  const call = { method: 'POST', url: '', headers: {}, signal, repeatable: false, passing: () => false } as const
  const gathering = new Gathering(call, { limitMs: 1000, host: 'api.line.me', resolve, reject })
  if (begun) gathering.onRequestStart({ abort: () => undefined } satisfies Pick<Dispatcher.DispatchController, 'abort'>)
  gathering.onResponseError(undefined, Object.assign(new Error(code), { code }))
  return promise.catch((error: unknown) => error)
}

test.each(['ECONNREFUSED', 'ECONNRESET', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ETIMEDOUT'])(
  'a call that was not begun has not reached the network, whatever kept it: %s',
  async (code) => expect(await failureOf(code, false)).toMatchObject({ reached: false }),
)

test.each(['EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET'])(
  'a call that was begun may have reached the network, whatever its connection ended with: %s',
  async (code) => expect(await failureOf(code, true)).toMatchObject({ reached: true }),
)
