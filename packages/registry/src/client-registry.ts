import { randomBytes, randomUUID } from 'node:crypto'

import type { Logger, Redis } from '@ott/runtime'
import { z } from 'zod'

import { hashSecret, matchesSecret } from './secret-hash.ts'
import { type Page, WatchedRecords } from './watched-records.ts'

/** What a client may be allowed to do. */
export const Scope = z.enum([
  'ott_chat_messaging_send',
  'ott_chat_messaging_read',
  'ott_channels_write',
  'ott_channels_read',
])
export type Scope = z.infer<typeof Scope>

/** Who holds an API key. Times are milliseconds since 1970. */
export const Client = z.object({
  id: z.string(),
  name: z.string(),
  /** Whose senders, deliveries and keys it sees. */
  account: z.string(),
  scopes: z.array(Scope),
  enabled: z.boolean(),
  createdAt: z.number(),
  /** Requests a second, where it is other than the default. */
  requestsPerSecond: z.number().optional(),
})
export type Client = Readonly<z.infer<typeof Client>>

/** A client as it is listed: when it last got a token, if ever. */
export type ListedClient = Client & { readonly lastUsedAt: number | undefined }

/** A secret is known in this moment only: kept is its hash. */
export type ClientWithSecret = { readonly client: Client; readonly secret: string }

export type NewClient = Pick<Client, 'name' | 'account' | 'scopes' | 'requestsPerSecond'>

const Stored = Client.extend({ secretHash: z.string() })
type Stored = z.infer<typeof Stored>

const hash = 'ott:clients'
const lastUsed = 'ott:clients:last-used'
const secretBytes = 32

/** The API clients, in Redis. */
export class ClientRegistry {
  readonly #redis: Redis
  readonly #records: WatchedRecords<Stored>

  private constructor(redis: Redis, records: WatchedRecords<Stored>) {
    this.#redis = redis
    this.#records = records
  }

  /** `redis` is used, and closed by whoever opened it. */
  static async open(redis: Redis, options: { redisUrl: string; logger: Logger }): Promise<ClientRegistry> {
    const records = await WatchedRecords.open(redis, { ...options, changes: `${hash}:changed`, parse })
    return new ClientRegistry(redis, records)
  }

  /** Makes a client with an id and a secret of its own. */
  async create(wanted: NewClient): Promise<ClientWithSecret> {
    const client = { ...wanted, id: randomUUID(), enabled: true, createdAt: Date.now() }
    return this.#withNewSecret(client)
  }

  /** The client as it is now. A change made anywhere is seen within a second. */
  async find(id: string): Promise<Client | undefined> {
    const stored = await this.#records.find({ hash, field: id })
    return stored === undefined ? undefined : withoutHash(stored)
  }

  /** The client of this id, if it is enabled and the secret is its own. Slow on purpose, and as slow for an unknown id. */
  async verify(id: string, secret: string): Promise<Client | undefined> {
    const stored = await this.#records.find({ hash, field: id })
    const matches = await matchesSecret(secret, stored?.secretHash)
    if (stored === undefined || !matches || !stored.enabled) return undefined
    await this.#redis.hset(lastUsed, id, Date.now())
    return withoutHash(stored)
  }

  /** Clients ordered by id, page by page; pages count from 1. */
  async list(page: number, pageSize: number): Promise<Page<ListedClient>> {
    const { count, records } = await this.#records.list(hash, page, pageSize)
    const used = records.length === 0 ? [] : await this.#redis.hmget(lastUsed, ...records.map(({ id }) => id))
    return {
      count,
      records: records.map((stored, index) => Object.assign(withoutHash(stored), { lastUsedAt: toTime(used[index]) })),
    }
  }

  /** A disabled client gets no token, and those that it has are refused within a second. Returns it, if there is one. */
  async setEnabled(id: string, enabled: boolean): Promise<Client | undefined> {
    const stored = await this.#records.find({ hash, field: id })
    if (stored === undefined) return undefined
    await this.#records.put({ hash, field: id }, { ...stored, enabled })
    return { ...withoutHash(stored), enabled }
  }

  /** Gives a client another secret; the one before is of no use from then on. */
  async rotateSecret(id: string): Promise<ClientWithSecret | undefined> {
    const stored = await this.#records.find({ hash, field: id })
    return stored === undefined ? undefined : this.#withNewSecret(withoutHash(stored))
  }

  /** Ends the subscription. */
  async close(): Promise<void> {
    await this.#records.close()
  }

  async #withNewSecret(client: Client): Promise<ClientWithSecret> {
    const secret = randomBytes(secretBytes).toString('base64url')
    await this.#records.put({ hash, field: client.id }, { ...client, secretHash: await hashSecret(secret) })
    return { client, secret }
  }
}

function parse(stored: unknown): Stored {
  return Stored.parse(stored)
}

function withoutHash({ secretHash: _secretHash, ...client }: Stored): Client {
  return client
}

function toTime(stored: string | null | undefined): number | undefined {
  return stored === null || stored === undefined ? undefined : Number(stored)
}
