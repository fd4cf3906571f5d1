import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, beforeEach } from '@jest/globals'

/** A POST as it came. */
type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }

/** What a receiver answers; `undefined`: nothing, ever. */
type ReceiverAnswer = { readonly status: number; readonly headers?: Record<string, string> } | undefined

/** For tests: an integrator's endpoint on a real socket, which answers 204 before each test. */
export function useReceiver() {
  const received: Received[] = []
  const state: { url: string; answer: ReceiverAnswer } = { url: '', answer: { status: 204 } }
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push({ path: request.url ?? '', headers: request.headers, body: await text(request) })
    const { answer } = state
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end()
  }
  const server = createServer((request, response) => void take(request, response))
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the receiver has no port')
    state.url = `http://127.0.0.1:${address.port}`
  })
  beforeEach(() => {
    received.length = 0
    state.answer = { status: 204 }
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return { received, state, host: () => new URL(state.url).host }
}
