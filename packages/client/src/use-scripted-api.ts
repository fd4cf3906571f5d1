import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, beforeEach } from '@jest/globals'

import { type Client, type ClientOptions, createClient } from './client.ts'

/** A call that reached the API. */
export type Received = { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: unknown }

/** What it is answered; `cut` ends the connection without an answer, `never` keeps it waiting. */
export type Reply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | 'cut'
  | 'never'

export const clientId = 'shop'
export const clientSecret = 'a-secret-of-the-shop'

type Script = (call: Received, number: number) => Reply | Promise<Reply>

/**
 * The API's side of the wire, for what the real one does only when it is in trouble: in each test it answers as it is told then.
 * `number` counts the calls of a test from 1.
 */
export function useScriptedApi() {
  const usual: { answer: Script; answerTokens: Script } = { answer: () => 'cut', answerTokens: aToken }
  const script = { ...usual }
  const [received, tokens]: [Received[], Received[]] = [[], []]
  const answerCall = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await read(request)
    const forToken = call.url.endsWith('/v2/token')
    const number = (forToken ? tokens : received).push(call)
    reply(response, await (forToken ? script.answerTokens(call, number) : script.answer(call, number)))
  }
  const server = createServer((request, response) => void answerCall(request, response))
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  beforeEach(() => {
    received.length = 0
    tokens.length = 0
    Object.assign(script, usual)
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const url = (): string => {
    const address = server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }
  return {
    /** The calls that reached it, but for those for a token. */
    received,
    tokens,
    url,
    answer: (next: Script): void => void (script.answer = next),
    answerTokens: (next: Script): void => void (script.answerTokens = next),
    /** A client of it that is quick to repeat. */
    client: (options: Partial<ClientOptions> = {}): Client =>
      createClient({ url: url(), clientId, clientSecret, firstWaitMs: 10, ...options }),
  }
}

const aToken: Script = (_call, number) => ({
  status: 200,
  body: { access_token: `token-${number}`, expires_in: 1079 },
})

async function read(request: IncomingMessage): Promise<Received> {
  const { url = '', headers } = request
  const given = await text(request)
  return { url, headers, body: given === '' ? undefined : JSON.parse(given) }
}

function reply(response: ServerResponse, given: Reply): void {
  if (given === 'never') return
  if (given === 'cut') return void response.socket?.destroy()
  response.writeHead(given.status, { 'content-type': 'application/json', connection: 'close', ...given.headers })
  response.end(typeof given.body === 'string' ? given.body : JSON.stringify(given.body))
}

/** The usual answer to a send. */
export const accepted = (ottRequestId = 'an-id'): Reply => ({ status: 201, body: { ottRequestId } })

/** The API's error envelope. */
export const refused = (status: number, errorcode: number, headers = {}): Reply => ({
  status,
  headers,
  body: { message: 'Please try again', errorcode, documentation: '' },
})
