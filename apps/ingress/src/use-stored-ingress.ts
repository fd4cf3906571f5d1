import { beforeAll } from '@jest/globals'
import { type TestRedis, useRedis } from '@ott/local/testing'
import { ClientRegistry, type ClientWithSecret, type NewClient, Scope } from '@ott/registry'
import { closeRedis, createLogger, listen, openRedis, readEnvironment } from '@ott/runtime'
import { z } from 'zod'

import { type Collaborators, createApp } from './app.ts'
import { openCollaborators } from './collaborators.ts'
import { Environment } from './environment.ts'
import { toLine } from './send/requests.ts'
import { accessTokens, call, tokenKey } from './use-ingress.ts'

const json = { 'content-type': 'application/json' }

type Options = {
  readonly settings?: Readonly<Record<string, string>>
  /** In place of a Redis of its own. */
  readonly redis?: TestRedis
  /** Replaces some of what it works with. */
  readonly change?: (given: Collaborators) => Partial<Collaborators>
}

/** Gives the tests of a file an ingress that works with a Redis, as it does in production. */
export function useStoredIngress({ settings = {}, redis = useRedis(), change = () => ({}) }: Options = {}) {
  let url = ''
  beforeAll(async () => {
    const key = tokenKey.toString('base64')
    const given = { REDIS_URL: redis.url, TOKEN_KEY: key, CREDENTIALS_KEY: key, ...settings }
    const environment = readEnvironment(Environment, given)
    const logger = createLogger('ingress-test', 'silent')
    const collaborators = await openCollaborators({ environment, logger, onStop: redis.onStop })
    const app = createApp({ ...collaborators, ...change(collaborators) })
    const listening = await listen(app, { host: '127.0.0.1', port: 0, variable: 'PORT' })
    redis.onStop(() => listening.close())
    url = listening.url
  })

  /** Makes a client of an account, and gets it a token. */
  async function become(account: string) {
    const { client, secret } = await createClient(redis.url, { account })
    const asked = { grant_type: 'client_credentials', client_id: client.id, client_secret: secret }
    const askToken = () => call(`${url}/v2/token`, { method: 'POST', headers: json, body: JSON.stringify(asked) })
    const headers: Record<string, string> = { ...json }
    /** Goes on with a token of its own from now on: one from before the client was disabled is of no use again. */
    const renewToken = async () => {
      const answer = z.object({ access_token: z.string() }).parse((await askToken()).json)
      headers['authorization'] = `Bearer ${answer.access_token}`
    }
    // As that call would: its comparison of secrets is slow on purpose, and tests of their own are about it.
    headers['authorization'] = `Bearer ${await accessTokens.issue(client, client.scopes)}`
    const request = (method: string, path: string, body?: unknown) =>
      call(url + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
    const send = (changes = {}) => request('POST', '/ott/v1/send', toLine(changes))
    return { client, headers, askToken, renewToken, request, send }
  }

  return { redis, url: () => url, become }
}

/** Lends the clients of a Redis to `use`, as another process would have them. */
export async function withClients<Result>(
  redisUrl: string,
  use: (clients: ClientRegistry) => Promise<Result>,
): Promise<Result> {
  const logger = createLogger('test', 'silent')
  const redis = await openRedis(redisUrl, 'waiting', logger)
  const clients = await ClientRegistry.open(redis, { redisUrl, logger })
  try {
    return await use(clients)
  } finally {
    await clients.close()
    await closeRedis(redis)
  }
}

/** Makes a client that may do everything. */
export async function createClient(redisUrl: string, changes: Partial<NewClient> = {}): Promise<ClientWithSecret> {
  const wanted = { name: 'Shop', account: '7000001', scopes: Scope.options, ...changes }
  return withClients(redisUrl, (clients) => clients.create(wanted))
}
