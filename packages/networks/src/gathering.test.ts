import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

import { afterEach, expect, test } from '@jest/globals'
import { NoAnswer } from '@ott/delivery'

import { type Http, openHttp } from './exchange.ts'

const opened: { readonly server: Server; readonly http: Http }[] = []

afterEach(async () => {
  for (const { server, http } of opened.splice(0)) {
    server.closeAllConnections()
    await Promise.all([http.close(), once(server.close(), 'close')])
  }
})

/** A network that answers like this, and what makes a call to it that the signal ends. */
async function network(answer: RequestListener, timeoutMs = 5000) {
  const server = createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const host = typeof address === 'object' ? `127.0.0.1:${address?.port}` : ''
  const http = openHttp({ timeoutMs, firstRepeatMs: 1, endpointHosts: [host] })
  opened.push({ server, http })
  return (signal = new AbortController().signal) =>
    http.exchange({
      method: 'GET',
      url: `http://${host}/`,
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
