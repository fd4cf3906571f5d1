import { afterAll, beforeAll, beforeEach } from '@jest/globals'
import type { Delivery, History, Sender } from '@ott/delivery'
import { networks } from '@ott/networks'
import { type Client, Scope } from '@ott/registry'
import { createHealth, createLogger, listen, type Listening } from '@ott/runtime'
import type { Express } from 'express'
import { z } from 'zod'

import { type Collaborators, createApp } from './app.ts'
import { noCallbacks } from './callback/no-callbacks.ts'
import { withExpressClasses } from './express-classes.ts'
import { inMemoryIdempotency } from './send/in-memory-idempotency.ts'
import { createServerLimits } from './server-limits.ts'
import { createAccessTokens } from './token/access-token.ts'

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
export type Answer = {
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
  readonly clients: Map<string, Client>
  readonly url: () => string
  readonly app: Express
  /** With the access token of {@link aClient}, unless `init` has one. */
  readonly request: (method: string, path: string, init?: RequestInit) => Promise<Answer>
  readonly post: (path: string, body: unknown) => Promise<Answer>
}

export const documentation = 'https://example.com/errors'

/** What signs the tokens of every ingress here. */
export const tokenKey = Buffer.alloc(32, 'k')
export const accessTokens = createAccessTokens([tokenKey])

/** Gives the tests of a file an ingress; `given` replaces what it works with. */
export function useIngress(given: Partial<Collaborators> = {}): Ingress {
  const kept = {
    queued: new Array<Delivery>(),
    histories: new Map<string, History>(),
    senders: new Map<string, Sender>(),
    clients: new Map<string, Client>(),
  }
  let listening: Listening | undefined
  const app = createApp({ ...inMemory(kept), ...given })
  let token = ''
  const url = (): string => {
    if (listening === undefined) throw new Error('the ingress is there only within a test')
    return listening.url
  }
  const request: Ingress['request'] = (method, path, init = {}) => {
    const headers = new Headers(init.headers)
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${token}`)
    return call(url() + path, { method, ...init, headers })
  }
  beforeAll(async () => {
    token = await accessTokens.issue(aClient(), Scope.options)
    const { options, prepare } = createServerLimits(documentation)
    const manner = { options: withExpressClasses(app, options), prepare }
    listening = await listen(app, { host: '127.0.0.1', port: 0, variable: 'PORT', ...manner })
  })
  beforeEach(() => {
    kept.queued.length = 0
    kept.histories.clear()
    kept.senders.clear()
    for (const sender of [aSender(), aSender({ network: 'messenger', id: '100200300' })])
      kept.senders.set(`${sender.network}:${sender.id}`, sender)
    kept.clients.clear()
    kept.clients.set(aClient().id, aClient())
  })
  afterAll(() => listening?.close())
  const headers = { 'content-type': 'application/json' }
  const post: Ingress['post'] = (path, body) =>
    request('POST', path, { headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
  return { ...kept, url, app, request, post }
}

/** Calls, and takes the whole answer in. */
export async function call(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text === '' ? undefined : JSON.parse(text),
  }
}

/** The problems an answer tells, each as `code message`; the envelope itself where there are none. */
export function problemsOf(answer: Answer): string[] {
  const { errorcode, message, validationErrors } = ProblemAnswer.parse(answer.json)
  return (validationErrors ?? [{ errorcode, message }]).map((item) => `${item.errorcode} ${item.message}`)
}

/** A registered, active sender of LINE's. */
export function aSender(changes: Partial<Sender> = {}): Sender {
  return {
    account: aClient().account,
    network: 'line',
    id: '1656000000',
    active: true,
    endpointUrl: 'https://api.line.me',
    attributes: { channelId: '1656000000', channelName: 'Shop', channelSecret: 'hush', isTransactional: true },
    revision: '1',
    ...changes,
  }
}

/** A client that may do everything. Its secret is `the-secret`. */
export function aClient(changes: Partial<Client> = {}): Client {
  return {
    id: '3f2b8f9e-0f4f-4b52-9d0f-6a8f7f1f2c11',
    name: 'Shop',
    account: '7000001',
    scopes: Scope.options,
    enabled: true,
    createdAt: 1_700_000_000_000,
    tokensFrom: 0,
    ...changes,
  }
}

const noneFailed = { redriven: 0, byReason: {}, skipped: {}, looked: 0 }

type Kept = Pick<Ingress, 'queued' | 'histories' | 'senders' | 'clients'>

function inMemory({ queued, histories, senders, clients }: Kept): Collaborators {
  const allowance = { quota: 1000, remaining: 999, windowSeconds: 1, resetSeconds: 1, exceeded: false }
  return {
    networks,
    endpointHosts: ['api.line.me', 'graph.facebook.com', '127.0.0.1:8082'],
    bodyLimit: 256 * 1024,
    batchBodyLimit: 4 * 1024 * 1024,
    documentationUrl: documentation,
    publicUrl: undefined,
    trustedProxies: 0,
    accessTokens,
    verifyClient: async (id, secret) => (secret === 'the-secret' ? clients.get(id) : undefined),
    findClient: async (id) => clients.get(id),
    countRequest: async () => allowance,
    guessLimit: { begin: async () => 0, forgive: async () => undefined },
    enqueue: async (delivery) => void queued.push(delivery),
    queueOf: ({ network }) => network,
    idempotency: inMemoryIdempotency(),
    countItems: () => undefined,
    whyNotNow: () => undefined,
    validityUnit: undefined,
    findHistory: async (account, idOrKey) => ofAccount(account, histories.get(idOrKey)),
    findSender: async (account, network, id) => {
      const sender = senders.get(`${network}:${id}`)
      return sender?.account === account ? sender : undefined
    },
    registerSender: async (sender) => void senders.set(`${sender.network}:${sender.id}`, { ...sender, revision: '2' }),
    listSenders: async (account, network, page, pageSize) => {
      const all = [...senders.values()].filter((sender) => sender.account === account && sender.network === network)
      return { count: all.length, records: all.slice((page - 1) * pageSize, page * pageSize) }
    },
    removeSender: async (_account, network, id) => senders.delete(`${network}:${id}`),
    callbackHosts: [],
    callbacks: noCallbacks,
    countFailed: async () => noneFailed,
    redriveFailed: async () => noneFailed,
    health: createHealth({}),
    logger: createLogger('ingress-test', 'silent'),
  }
}

function ofAccount(account: string, history: History | undefined): History | undefined {
  return history?.delivery.account === account ? history : undefined
}
