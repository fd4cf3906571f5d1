import { closeRedis, type Logger, type NowOrLater, openSubscriber, type Redis } from '@ott/runtime'
import { LRUCache } from 'lru-cache'

/** Names that nothing is kept under are remembered too, so the number is bounded. */
const cachedMax = 10_000

/**
 * A change whose announcement is lost, by a subscription that is dead without knowing it, is seen after this at the latest.
 */
const cachedMs = 2000

/** How exact that is: lru-cache sets a timer at the first look-up of each such span. */
const cachedExactMs = 50

/** Stands for no record, both as what is there and as what shall be. */
const none = ''

/** Sets or deletes a field unless it has changed in the meantime. */
const replaceIfSame = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '${none}') ~= ARGV[2] then return 0 end
if ARGV[3] == '${none}' then redis.call('HDEL', KEYS[1], ARGV[1])
else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1`

/** One page of records. `count` is of all pages. */
export type Page<Kept> = { readonly count: number; readonly records: readonly Kept[] }

/** Where a record is: a field of a hash. */
export type Place = { readonly hash: string; readonly field: string }

/** A record being read, or `found` once that `isOver`. */
type Read<Kept> = { readonly finding: Promise<Kept | undefined>; isOver: boolean; found: Kept | undefined }

/** How records are read; rejects what is not of the form expected. */
export type Parse<Kept> = (stored: unknown, place: Place) => Kept

/**
 * Records in Redis hashes, read far more often than written.
 *
 * Reads are cached, and dropped from the cache the moment any process publishes a change. While the subscription is down a
 * change could be missed, so that then nothing is cached.
 */
export class WatchedRecords<Kept> {
  readonly #redis: Redis
  readonly #subscriber: Redis
  readonly #changes: string
  readonly #parse: Parse<Kept>
  // Reads rather than records: callers at the same moment share one, and a read that a change overtakes is dropped with its
  // entry instead of being cached late.
  readonly #cache = new LRUCache<string, Read<Kept>>({
    max: cachedMax,
    ttl: cachedMs,
    ttlResolution: cachedExactMs,
  })
  #subscribed = false

  private constructor(redis: Redis, subscriber: Redis, changes: string, parse: Parse<Kept>) {
    this.#redis = redis
    this.#subscriber = subscriber
    this.#changes = changes
    this.#parse = parse
  }

  /**
   * `changes` is the channel on which these records' changes are told. `redis` is used, and closed by whoever opened it; the
   * subscription has a connection of its own.
   */
  static async open<Kept>(
    redis: Redis,
    { redisUrl, logger, changes, parse }: { redisUrl: string; logger: Logger; changes: string; parse: Parse<Kept> },
  ): Promise<WatchedRecords<Kept>> {
    const subscriber = await openSubscriber(redisUrl, logger)
    const records = new WatchedRecords(redis, subscriber, changes, parse)
    subscriber.on('message', (_channel: string, name: string) => void records.#cache.delete(name))
    subscriber.on('close', () => (records.#subscribed = false))
    subscriber.on('ready', () => void records.#subscribe().catch(() => undefined)) // The next 'ready' tries again.
    await records.#subscribe()
    return records
  }

  /** A change made anywhere is seen within a second. */
  find(place: Place): NowOrLater<Kept | undefined> {
    if (!this.#subscribed) return this.#read(place)
    const name = nameOf(place)
    const cached = this.#cache.get(name)
    if (cached !== undefined) return cached.isOver ? cached.found : cached.finding
    const read: Read<Kept> = { finding: this.#read(place), isOver: false, found: undefined }
    this.#cache.set(name, read)
    read.finding.then(
      (found) => Object.assign(read, { isOver: true, found }),
      () => this.#cache.peek(name) === read && this.#cache.delete(name),
    )
    return read.finding
  }

  /** Keeps a record, in place of an earlier one. */
  async put(place: Place, record: unknown): Promise<void> {
    await this.#redis.hset(place.hash, place.field, JSON.stringify(record))
    await this.#announce(place)
  }

  /**
   * Changes the record that is there, and no other: what somebody else changes at the same moment is seen and changed, not undone.
   * `change` may be called several times; the record goes where it returns `undefined`. Resolves with the record that is kept
   * then, if there is one.
   */
  async change(place: Place, change: (record: Kept) => unknown): Promise<Kept | undefined> {
    return this.merge(place, (record) => (record === undefined ? undefined : change(record)))
  }

  /** As `change`, but also where there is no record. */
  async merge(place: Place, merge: (record: Kept | undefined) => unknown): Promise<Kept | undefined> {
    for (;;) {
      const before = await this.#redis.hget(place.hash, place.field)
      const merged = merge(this.#parsed(before, place))
      const after = merged === undefined ? none : JSON.stringify(merged)
      if (after !== (before ?? none)) {
        const merges = await this.#redis.eval(replaceIfSame, 1, place.hash, place.field, before ?? none, after)
        if (merges !== 1) continue
        await this.#announce(place)
      }
      return after === none ? undefined : this.#parsed(after, place)
    }
  }

  /** Returns whether there was one. */
  async remove(place: Place): Promise<boolean> {
    const removed = await this.#redis.hdel(place.hash, place.field)
    await this.#announce(place)
    return removed > 0
  }

  /** A hash's records ordered by field, page by page; pages count from 1. */
  async list(hash: string, page: number, pageSize: number): Promise<Page<Kept>> {
    const fields = (await this.#redis.hkeys(hash)).toSorted()
    const wanted = fields.slice((page - 1) * pageSize, page * pageSize)
    const stored = wanted.length === 0 ? [] : await this.#redis.hmget(hash, ...wanted)
    const records = wanted.flatMap((field, index) => this.#parsed(stored[index], { hash, field }) ?? [])
    return { count: fields.length, records }
  }

  /** Ends the subscription. */
  async close(): Promise<void> {
    await closeRedis(this.#subscriber)
  }

  /** What was cached before may have changed unheard. */
  async #subscribe(): Promise<void> {
    await this.#subscriber.subscribe(this.#changes)
    this.#cache.clear()
    this.#subscribed = true
  }

  async #read(place: Place): Promise<Kept | undefined> {
    return this.#parsed(await this.#redis.hget(place.hash, place.field), place)
  }

  #parsed(stored: string | null | undefined, place: Place): Kept | undefined {
    return stored === null || stored === undefined ? undefined : this.#parse(JSON.parse(stored), place)
  }

  async #announce(place: Place): Promise<void> {
    this.#cache.delete(nameOf(place))
    await this.#redis.publish(this.#changes, nameOf(place))
  }
}

function nameOf({ hash, field }: Place): string {
  return `${hash}:${field}`
}
