import { createHash, randomBytes, randomUUID } from 'node:crypto'

import { type Logger, type NowOrLater, type Redis, whenKnown } from '@ott/runtime'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'

import { hashSecret, matchesSecret } from './secret-hash.ts'
import { type Page, WatchedRecords } from './watched-records.ts'

/** What a client may be allowed to do. */
export const Scope = z.enum([
  'ott_chat_messaging_send',
  'ott_chat_messaging_read',
  'ott_channels_write',
  'ott_channels_read',
  'ott_chat_messaging_redrive',
  'ott_callbacks',
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
  /** Tokens that were issued before are of no use. */
  tokensFrom: z.number().default(0),
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

type Kept = { readonly client: Client; readonly secretHash: string }

const hash = 'ott:clients'
const lastUsed = 'ott:clients:last-used'
const secretBytes = 32

/** Secrets that were right not long ago. */
const matchedMax = 10_000
const matchedMs = 60_000

/** The API clients, in Redis. */
export class ClientRegistry {
  readonly #redis: Redis
  readonly #records: WatchedRecords<Kept>
  readonly #matched = new LRUCache<string, true>({ max: matchedMax, ttl: matchedMs })

  private constructor(redis: Redis, records: WatchedRecords<Kept>) {
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
    const { secret, secretHash } = await newSecret()
    const client = { ...wanted, id: randomUUID(), enabled: true, createdAt: Date.now(), tokensFrom: 0 }
    await this.#records.put({ hash, field: client.id }, { ...client, secretHash } satisfies Stored)
    return { client, secret }
  }

  /** The client as it is now. A change made anywhere is seen within a second. */
  find(id: string): NowOrLater<Client | undefined> {
    const found = this.#records.find({ hash, field: id })
    return whenKnown(found, (kept) => kept?.client)
  }

  /** The client of this id, if it is enabled and the secret is its own. Slow on purpose, and as slow for an unknown id. */
  async verify(id: string, secret: string): Promise<Client | undefined> {
    const kept = await this.#records.find({ hash, field: id })
    const matches = await this.#matches(secret, kept?.secretHash)
    if (kept === undefined || !matches || !kept.client.enabled) return undefined
    await this.#redis.hset(lastUsed, id, Date.now())
    return kept.client
  }

  /** Clients ordered by id, page by page; pages count from 1. */
  async list(page: number, pageSize: number): Promise<Page<ListedClient>> {
    const { count, records } = await this.#records.list(hash, page, pageSize)
    const used =
      records.length === 0 ? [] : await this.#redis.hmget(lastUsed, ...records.map(({ client }) => client.id))
    return {
      count,
      records: records.map(({ client }, index) => toListed(client, used[index])),
    }
  }

  /** A disabled client gets no token, and those that it has are of no use again. Returns it, if there is one. */
  async setEnabled(id: string, enabled: boolean): Promise<Client | undefined> {
    const changed = await this.#change(id, (stored) => ({
      ...stored,
      enabled,
      tokensFrom: enabled ? stored.tokensFrom : Date.now(),
    }))
    return changed?.client
  }

  /** Gives a client another secret; the one before, and the tokens it was good for, are of no use from then on. */
  async rotateSecret(id: string): Promise<ClientWithSecret | undefined> {
    const { secret, secretHash } = await newSecret()
    const changed = await this.#change(id, (stored) => ({ ...stored, secretHash, tokensFrom: Date.now() }))
    return changed === undefined ? undefined : { client: changed.client, secret }
  }

  /** Ends the subscription. */
  async close(): Promise<void> {
    await this.#records.close()
  }

  #change(id: string, change: (stored: Stored) => Stored): Promise<Kept | undefined> {
    return this.#records.change({ hash, field: id }, ({ client, secretHash }) => change({ ...client, secretHash }))
  }

  /** Clients come for tokens again and again with the same secret: the slow comparison is made once in a while. */
  async #matches(secret: string, secretHash: string | undefined): Promise<boolean> {
    if (secretHash === undefined) return matchesSecret(secret)
    const name = createHash('sha256').update(secretHash).update(secret).digest('base64')
    if (this.#matched.has(name)) return true
    const matches = await matchesSecret(secret, secretHash)
    if (matches) this.#matched.set(name, true)
    return matches
  }
}

async function newSecret(): Promise<{ readonly secret: string; readonly secretHash: string }> {
  const secret = randomBytes(secretBytes).toString('base64url')
  return { secret, secretHash: await hashSecret(secret) }
}

function parse(stored: unknown): Kept {
  const { secretHash, ...client } = Stored.parse(stored)
  return { client, secretHash }
}

function toListed(client: Client, usedAt: string | null | undefined): ListedClient {
  return { ...client, lastUsedAt: toTime(usedAt) }
}

function toTime(stored: string | null | undefined): number | undefined {
  return stored === null || stored === undefined ? undefined : Number(stored)
}
