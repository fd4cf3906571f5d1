import { randomUUID } from 'node:crypto'

import { Sender } from '@ott/delivery'
import { type Logger, mastersOf, type NowOrLater, type Redis, StartFailure } from '@ott/runtime'
import { z } from 'zod'

import { type Sealer, UnknownKey } from './sealer.ts'
import { type Page, type Place, WatchedRecords } from './watched-records.ts'

/** As in Redis: the attributes, secrets among them, are sealed as one. */
const Stored = Sender.omit({ attributes: true }).extend({ sealed: z.string() })
type Stored = z.infer<typeof Stored>

const Attributes = Sender.shape.attributes

/** Something known, sealed with the key in use: a program with another key learns so when it starts, not with a delivery in hand. */
const keyCheck = 'ott:keys:check'

export type SenderRegistryOptions = { readonly redisUrl: string; readonly logger: Logger; readonly sealer: Sealer }

/** The registered senders, in Redis: a hash for each account and network, its fields the senders' ids. */
export class SenderRegistry {
  readonly #redis: Redis
  readonly #records: WatchedRecords<Sender>
  readonly #sealer: Sealer

  private constructor(redis: Redis, records: WatchedRecords<Sender>, sealer: Sealer) {
    this.#redis = redis
    this.#records = records
    this.#sealer = sealer
  }

  /** `redis` is used, and closed by whoever opened it. Throws a StartFailure when the secrets are sealed with another key. */
  static async open(redis: Redis, { sealer, ...options }: SenderRegistryOptions): Promise<SenderRegistry> {
    await checkKey(redis, sealer)
    const parse = (stored: unknown): Sender => toSender(Stored.parse(stored), sealer)
    const records = await WatchedRecords.open(redis, { ...options, changes: 'ott:senders:changed', parse })
    return new SenderRegistry(redis, records, sealer)
  }

  /** The sender as last registered, active or not. Rejects with UnknownKey when its secrets cannot be opened. */
  find(account: string, network: string, id: string): NowOrLater<Sender | undefined> {
    return this.#records.find(placeOf(account, network, id))
  }

  /** Registers a sender, overwriting an earlier registration of the same id. */
  async register(sender: Omit<Sender, 'revision'>): Promise<void> {
    await this.#put({ ...sender, revision: randomUUID() })
  }

  /** Forgets a sender. Returns whether there was one. */
  async remove(account: string, network: string, id: string): Promise<boolean> {
    return this.#records.remove(placeOf(account, network, id))
  }

  /** An account's senders on a network ordered by id, page by page; pages count from 1. */
  async list(account: string, network: string, page: number, pageSize: number): Promise<Page<Sender>> {
    return this.#records.list(hashOf(account, network), page, pageSize)
  }

  /** Seals anew, with the first key, whatever another one sealed. Resolves with how many there were of all. */
  async rotateKeys(network: string): Promise<{ readonly rotated: number; readonly all: number }> {
    let [rotated, all] = [0, 0]
    await this.#redis.set(keyCheck, this.#sealer.seal(keyCheck, keyCheck))
    for (const hash of await hashesLike(this.#redis, hashOf('*', network))) {
      for (const [field, text] of Object.entries(await this.#redis.hgetall(hash))) {
        all += 1
        const stored = Stored.parse(JSON.parse(text))
        if (this.#sealer.isCurrent(stored.sealed)) continue
        // Whoever registers or removes it in this moment goes first.
        await this.#records.change({ hash, field }, (sender) => toStored(sender, this.#sealer))
        rotated += 1
      }
    }
    return { rotated, all }
  }

  /** Ends the subscription. */
  async close(): Promise<void> {
    await this.#records.close()
  }

  async #put(sender: Sender): Promise<void> {
    await this.#records.put(placeOf(sender.account, sender.network, sender.id), toStored(sender, this.#sealer))
  }
}

/**
 * The revision of a sender's registration, for whoever cannot open its secrets and need not. `undefined` where there is none, or
 * it is not active.
 */
export async function readRevision(
  redis: Redis,
  { account, network, id }: Pick<Sender, 'account' | 'network' | 'id'>,
): Promise<string | undefined> {
  const text = await redis.hget(hashOf(account, network), id)
  if (text === null) return undefined
  const { active, revision } = Stored.parse(JSON.parse(text))
  return active ? revision : undefined
}

function toStored({ attributes, ...sender }: Sender, sealer: Sealer): Stored {
  return { ...sender, sealed: sealer.seal(JSON.stringify(attributes), contextOf(sender)) }
}

/** Throws a StartFailure when the secrets in Redis are sealed with another key. */
export async function checkKey(redis: Redis, sealer: Sealer): Promise<void> {
  try {
    const sealed = await redis.get(keyCheck)
    if (sealed !== null) sealer.open(sealed, keyCheck)
    else await claimKey(redis, sealer)
  } catch (cause) {
    if (!(cause instanceof UnknownKey)) throw cause
    throw new StartFailure(
      "CREDENTIALS_KEY is not the key that the senders' secrets in Redis are sealed with. Set it to that key; " +
        '`ott keys rotate --help` tells how to change it. If that key is lost for good, delete ' +
        `${keyCheck} and ott:senders:* from Redis and register the senders again.`,
      { cause },
    )
  }
}

/** Whoever comes first says which key it is, unless there are senders already that another one sealed. */
async function claimKey(redis: Redis, sealer: Sealer): Promise<void> {
  const [hash] = await hashesLike(redis, hashOf('*', '*'))
  const stored = hash === undefined ? [] : await redis.hvals(hash)
  for (const text of stored) checkSealed(Stored.parse(JSON.parse(text)), sealer)
  await redis.set(keyCheck, sealer.seal(keyCheck, keyCheck), 'NX')
  sealer.open((await redis.get(keyCheck)) ?? '', keyCheck)
}

/** Another key is what is looked for: a record that is damaged is its own sender's affair. */
function checkSealed(stored: Stored, sealer: Sealer): void {
  try {
    toSender(stored, sealer)
  } catch (error) {
    if (error instanceof UnknownKey) throw error
  }
}

function toSender({ sealed, ...sender }: Stored, sealer: Sealer): Sender {
  return { ...sender, attributes: Attributes.parse(JSON.parse(sealer.open(sealed, contextOf(sender)))) }
}

/** A sender's secrets are of no use in another sender's place. */
function contextOf({ account, network, id }: Pick<Sender, 'account' | 'network' | 'id'>): string {
  return JSON.stringify([account, network, id])
}

/** On whichever node of a cluster they are. */
async function hashesLike(redis: Redis, pattern: string): Promise<string[]> {
  const hashes = new Set<string>()
  for (const { name, connection } of mastersOf(redis)) {
    if (connection === undefined) throw new Error(`Redis node ${name} is away, so that not all senders are seen`)
    for await (const keys of connection.scanStream({ match: pattern, count: 1000 }))
      for (const key of z.array(z.string()).parse(keys)) hashes.add(key)
  }
  return [...hashes]
}

function hashOf(account: string, network: string): string {
  return `ott:senders:${network}:${account}`
}

function placeOf(account: string, network: string, id: string): Place {
  return { hash: hashOf(account, network), field: id }
}
