import { randomUUID } from 'node:crypto'

import { Sender } from '@ott/delivery'
import { closeRedis, type Logger, openRedis, type Redis } from '@ott/runtime'
import { LRUCache } from 'lru-cache'

/** Ids that nobody registered are remembered too, so the number is bounded. */
const cachedMax = 10_000

/** Carries `<network>:<id>` of each sender that was registered or removed. */
const changes = 'ott:senders:changed'

/** One page of a network's senders. `count` is of all pages. */
export type SenderPage = { readonly count: number; readonly senders: readonly Sender[] }

/**
 * The registered senders, in Redis: a hash for each network, its fields the senders' ids.
 *
 * Reads are cached, and dropped from the cache the moment any process publishes a change. While the subscription is down a
 * change could be missed, so that then nothing is cached.
 */
export class SenderRegistry {
  readonly #redis: Redis
  readonly #subscriber: Redis
  // Promises rather than senders: callers at the same moment share one read, and a read that a change overtakes is
  // dropped with its entry instead of being cached late.
  readonly #cache = new LRUCache<string, Promise<Sender | undefined>>({ max: cachedMax })

  #subscribed = false

  private constructor(redis: Redis, subscriber: Redis) {
    this.#redis = redis
    this.#subscriber = subscriber
  }

  /** `redis` is used, and closed by whoever opened it; the subscription has a connection of its own. */
  static async open(redis: Redis, redisUrl: string, logger: Logger): Promise<SenderRegistry> {
    const subscriber = await openRedis(redisUrl, 'waiting', logger)
    const registry = new SenderRegistry(redis, subscriber)
    subscriber.on('message', (_channel: string, sender: string) => void registry.#cache.delete(sender))
    subscriber.on('close', () => (registry.#subscribed = false))
    subscriber.on('ready', () => void registry.#subscribe().catch(() => undefined)) // The next 'ready' tries again.
    await registry.#subscribe()
    return registry
  }

  /** The sender as last registered, active or not. A change made anywhere is seen within a second. */
  async find(network: string, id: string): Promise<Sender | undefined> {
    const name = `${network}:${id}`
    const cached = this.#cache.get(name)
    if (cached !== undefined) return cached
    const read = this.#read(network, id)
    if (!this.#subscribed) return read
    this.#cache.set(name, read)
    read.catch(() => this.#cache.peek(name) === read && this.#cache.delete(name))
    return read
  }

  /** Registers a sender, overwriting an earlier registration of the same id. */
  async register(sender: Omit<Sender, 'revision'>): Promise<void> {
    const registered: Sender = { ...sender, revision: randomUUID() }
    await this.#redis.hset(keyOf(sender.network), sender.id, JSON.stringify(registered))
    await this.#announce(sender.network, sender.id)
  }

  /** Forgets a sender. Returns whether there was one. */
  async remove(network: string, id: string): Promise<boolean> {
    const removed = await this.#redis.hdel(keyOf(network), id)
    await this.#announce(network, id)
    return removed > 0
  }

  /** A network's senders ordered by id, page by page; pages count from 1. */
  async list(network: string, page: number, pageSize: number): Promise<SenderPage> {
    const ids = (await this.#redis.hkeys(keyOf(network))).toSorted()
    const wanted = ids.slice((page - 1) * pageSize, page * pageSize)
    const found = wanted.length === 0 ? [] : await this.#redis.hmget(keyOf(network), ...wanted)
    return { count: ids.length, senders: found.filter((stored) => stored !== null).map(parse) }
  }

  /** Ends the subscription. */
  async close(): Promise<void> {
    await closeRedis(this.#subscriber)
  }

  /** What was cached before may have changed unheard. */
  async #subscribe(): Promise<void> {
    await this.#subscriber.subscribe(changes)
    this.#cache.clear()
    this.#subscribed = true
  }

  async #read(network: string, id: string): Promise<Sender | undefined> {
    const stored = await this.#redis.hget(keyOf(network), id)
    return stored === null ? undefined : parse(stored)
  }

  async #announce(network: string, id: string): Promise<void> {
    this.#cache.delete(`${network}:${id}`)
    await this.#redis.publish(changes, `${network}:${id}`)
  }
}

function keyOf(network: string): string {
  return `ott:senders:${network}`
}

function parse(stored: string): Sender {
  return Sender.parse(JSON.parse(stored))
}
