import { afterAll, beforeAll, beforeEach } from '@jest/globals'
import type { Delivery, History, Sender } from '@ott/delivery'
import { networks } from '@ott/networks'
import { createHealth, createLogger, listen, type Listening } from '@ott/runtime'
import { z } from 'zod'

import { type Collaborators, createApp } from './app.ts'

/** What the wire's errors look like. */
const ProblemAnswer = z.strictObject({
  message: z.string(),
  errorcode: z.number(),
  documentation: z.string(),
  validationErrors: z
    .array(z.strictObject({ message: z.string(), errorcode: z.number(), documentation: z.string() }))
    .optional(),
})

/** An answer as a client sees it. */
type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}

/** An ingress on a real socket, with what it keeps in memory and emptied before each test. */
type Ingress = {
  readonly queued: Delivery[]
  readonly histories: Map<string, History>
  readonly senders: Map<string, Sender>
  readonly url: () => string
  readonly request: (method: string, path: string, init?: RequestInit) => Promise<Answer>
  readonly post: (path: string, body: unknown) => Promise<Answer>
}

export const documentation = 'https://example.com/errors'

/** Gives the tests of a file an ingress; `given` replaces what it works with. */
export function useIngress(given: Partial<Collaborators> = {}): Ingress {
  const queued: Delivery[] = []
  const histories = new Map<string, History>()
  const senders = new Map<string, Sender>()
  let listening: Listening | undefined
  const url = (): string => {
    if (listening === undefined) throw new Error('the ingress is there only within a test')
    return listening.url
  }
  const request: Ingress['request'] = async (method, path, init = {}) => {
    const response = await fetch(url() + path, { method, ...init })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === '' ? undefined : JSON.parse(text),
    }
  }
  beforeAll(async () => {
    const app = createApp({ ...inMemory(queued, histories, senders), ...given })
    listening = await listen(app, { host: '127.0.0.1', port: 0, variable: 'PORT' })
  })
  beforeEach(() => {
    queued.length = 0
    histories.clear()
    senders.clear()
    for (const sender of [aSender(), aSender({ network: 'messenger', id: '100200300' })])
      senders.set(`${sender.network}:${sender.id}`, sender)
  })
  afterAll(() => listening?.close())
  const headers = { 'content-type': 'application/json' }
  const post: Ingress['post'] = (path, body) =>
    request('POST', path, { headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
  return { queued, histories, senders, url, request, post }
}

/** The problems an answer tells, each as `code message`; the envelope itself where there are none. */
export function problemsOf(answer: Answer): string[] {
  const { errorcode, message, validationErrors } = ProblemAnswer.parse(answer.json)
  return (validationErrors ?? [{ errorcode, message }]).map((item) => `${item.errorcode} ${item.message}`)
}

/** A registered, active sender of LINE's. */
export function aSender(changes: Partial<Sender> = {}): Sender {
  return {
    network: 'line',
    id: '1656000000',
    active: true,
    endpointUrl: 'https://api.line.me',
    attributes: { channelId: '1656000000', channelName: 'Shop', channelSecret: 'hush', isTransactional: true },
    revision: '1',
    ...changes,
  }
}

function inMemory(queued: Delivery[], histories: Map<string, History>, senders: Map<string, Sender>): Collaborators {
  return {
    networks,
    endpointHosts: ['api.line.me', 'graph.facebook.com', '127.0.0.1:8082'],
    bodyLimit: 256 * 1024,
    documentationUrl: documentation,
    enqueue: async (delivery) => void queued.push(delivery),
    findHistory: async (idOrKey) => histories.get(idOrKey),
    findSender: async (network, id) => senders.get(`${network}:${id}`),
    registerSender: async (sender) => void senders.set(`${sender.network}:${sender.id}`, { ...sender, revision: '2' }),
    listSenders: async (network, page, pageSize) => {
      const all = [...senders.values()].filter((sender) => sender.network === network)
      return { count: all.length, senders: all.slice((page - 1) * pageSize, page * pageSize) }
    },
    removeSender: async (network, id) => senders.delete(`${network}:${id}`),
    health: createHealth({}),
    logger: createLogger('ingress-test', 'silent'),
  }
}
