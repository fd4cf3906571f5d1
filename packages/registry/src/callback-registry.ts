import { randomBytes, randomUUID } from 'node:crypto'

import type { Logger, NowOrLater, Redis } from '@ott/runtime'
import { z } from 'zod'

import { Callback, type CallbackWithSecret, type DisablingReason, type WantedCallback } from './callback.ts'
import type { Sealer } from './sealer.ts'
import { checkKey } from './sender-registry.ts'
import { WatchedRecords } from './watched-records.ts'

/** `until`: when it is no longer signed with. */
const Secret = z.object({ sealed: z.string(), until: z.number().optional() })

const Stored = Callback.extend({ secrets: z.array(Secret).min(1) })
type Stored = Readonly<z.infer<typeof Stored>>

const hash = 'ott:callbacks'
const pageSize = 500

/** 192 bits at least: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const secretBytes = 32

/** After a rotation the secret before signs, too, for so long: time enough to bring the new one to all who verify. */
const rotationMs = 24 * 60 * 60 * 1000

/** The accounts' callbacks, in Redis: one an account. Their secrets are sealed, as senders' are. */
export class CallbackRegistry {
  readonly #records: WatchedRecords<Stored>
  readonly #sealer: Sealer

  private constructor(records: WatchedRecords<Stored>, sealer: Sealer) {
    this.#records = records
    this.#sealer = sealer
  }

  /** `redis` is used, and closed by whoever opened it. Throws a StartFailure when the secrets are sealed with another key. */
  static async open(
    redis: Redis,
    { sealer, ...options }: { readonly redisUrl: string; readonly logger: Logger; readonly sealer: Sealer },
  ): Promise<CallbackRegistry> {
    await checkKey(redis, sealer)
    const records = await WatchedRecords.open(redis, { ...options, changes: `${hash}:changed`, parse })
    return new CallbackRegistry(records, sealer)
  }

  /** An account's callback as it is now, told or disabled. A change made anywhere is seen within a second. */
  find(account: string): NowOrLater<Callback | undefined> {
    return this.#records.find(placeOf(account))
  }

  /** All callbacks, ordered by account. */
  async all(): Promise<readonly Callback[]> {
    const all: Callback[] = []
    for (let page = 1, more = true; more; page += 1) {
      const { count, records } = await this.#records.list(hash, page, pageSize)
      all.push(...records)
      more = page * pageSize < count
    }
    return all
  }

  /** Registers an account's callback, or changes and enables the one that is there. A new one has a secret, told here alone. */
  async put(
    account: string,
    wanted: WantedCallback,
  ): Promise<{ readonly callback: Callback; readonly secret?: string }> {
    const now = Date.now()
    const id = randomUUID()
    const secret = newSecret()
    const made = { ...wanted, id, account, createdAt: now, since: now, secrets: [this.#seal(secret, { account, id })] }
    const kept = await this.#records.merge(placeOf(account), (before) =>
      before === undefined ? made : enabled({ ...before, ...wanted }, now),
    )
    const callback = kept ?? made
    return callback.id === id ? { callback, secret } : { callback }
  }

  /** Gives a callback another secret; the one before signs beside it for a day. Resolves with `undefined` when there is none. */
  async rotateSecret(account: string): Promise<CallbackWithSecret | undefined> {
    const secret = newSecret()
    const callback = await this.#records.change(placeOf(account), (before) => {
      const [current] = before.secrets
      const former = current === undefined ? [] : [{ ...current, until: Date.now() + rotationMs }]
      return { ...before, secrets: [this.#seal(secret, before), ...former] }
    })
    return callback === undefined ? undefined : { callback, secret }
  }

  /** The secrets that are signed with, the newest first. Rejects with UnknownKey when they cannot be opened. */
  async secretsOf(account: string): Promise<readonly string[]> {
    const stored = await this.#records.find(placeOf(account))
    if (stored === undefined) return []
    const inUse = stored.secrets.filter(({ until = Infinity }) => until > Date.now())
    return inUse.map(({ sealed }) => this.#sealer.open(sealed, contextOf(stored)))
  }

  /** Forgets an account's callback. Resolves with whether there was one. */
  async remove(account: string): Promise<boolean> {
    return this.#records.remove(placeOf(account))
  }

  /** Lets a callback be told again: what happens from now on, and what waited when it was disabled. */
  async enable(account: string): Promise<Callback | undefined> {
    return this.#records.change(placeOf(account), (before) => enabled(before, Date.now()))
  }

  /** Disables a callback, if it is still the one of this id; one that is disabled keeps its reason. */
  async disable(
    { account, id }: Pick<Callback, 'account' | 'id'>,
    reason: DisablingReason,
  ): Promise<Callback | undefined> {
    return this.#records.change(placeOf(account), (before) =>
      before.id !== id || before.disabled !== undefined ? before : { ...before, disabled: { at: Date.now(), reason } },
    )
  }

  /** Notes that a try failed, or arrived where `message` is left out. Resolves with the callback as it is then. */
  async note({ account, id }: Pick<Callback, 'account' | 'id'>, message?: string): Promise<Callback | undefined> {
    return this.#records.change(placeOf(account), (before) => {
      if (before.id !== id) return before
      const failing = message === undefined ? undefined : (before.failing ?? { since: Date.now(), message })
      return { ...before, failing }
    })
  }

  /** Seals anew, with the first key, whatever another one sealed. Resolves with how many there were of all. */
  async rotateKeys(): Promise<{ readonly rotated: number; readonly all: number }> {
    let rotated = 0
    const all = await this.all()
    for (const { account } of all)
      await this.#records.change(placeOf(account), (before) => {
        if (before.secrets.every(({ sealed }) => this.#sealer.isCurrent(sealed))) return before
        rotated += 1
        const reseal = (sealed: string): string =>
          this.#seal(this.#sealer.open(sealed, contextOf(before)), before).sealed
        return { ...before, secrets: before.secrets.map((secret) => ({ ...secret, sealed: reseal(secret.sealed) })) }
      })
    return { rotated, all: all.length }
  }

  /** Ends the subscription. */
  async close(): Promise<void> {
    await this.#records.close()
  }

  #seal(secret: string, whose: Pick<Callback, 'account' | 'id'>) {
    return { sealed: this.#sealer.seal(secret, contextOf(whose)) }
  }
}

function parse(stored: unknown): Stored {
  return Stored.parse(stored)
}

/** What happened while it was disabled is not told by itself. */
function enabled({ disabled, failing: _over, ...callback }: Stored, now: number): Stored {
  return disabled === undefined ? callback : { ...callback, since: now }
}

function newSecret(): string {
  return `whsec_${randomBytes(secretBytes).toString('base64')}`
}

/** A callback's secret is of no use in another's place. */
function contextOf({ account, id }: Pick<Callback, 'account' | 'id'>): string {
  return JSON.stringify(['callback', account, id])
}

function placeOf(account: string) {
  return { hash, field: account }
}
