import { setTimeout as wait } from 'node:timers/promises'

import type { Child } from '@ott/local'
import { Queue } from 'bullmq'
import { Cluster, Redis } from 'ioredis'

import { openTarget, type Target } from '../load/target.ts'
import { cpuOf, residentOf } from '../measure/cpu.ts'
import { sum } from '../measure/statistics.ts'
import { copyBacklog } from './backlog.ts'
import { EmptyDatabase } from './empty-database.ts'
import type { Ingress, Recipe } from './recipe.ts'
import type { StackRedis } from './stack-redis.ts'

/** A figure of each process, of all workers together. */
export type PerProcess = { readonly ingress: number; readonly worker: number; readonly redis: number }

const lookMs = 50
const settleLimitMs = 120_000

/** `paced`: each sender as fast as its network publishes that it may be, which most measurements are to go beyond. */
export type Preparation = { readonly senders: number; readonly workers: number; readonly paced: boolean }

/** What is measured: a Redis or Redis Cluster of its own, an ingress, and as many workers as are wanted. */
export class Stack {
  readonly name: string
  readonly target: Target
  readonly #recipe: Recipe
  readonly #redis: StackRedis
  readonly #ingress: Ingress
  /** To each Redis by itself, and to whichever has a key. */
  readonly #nodes: readonly Redis[]
  readonly #client: Redis | Cluster
  readonly #queues: readonly Queue[]
  readonly #keyPrefixes: readonly string[]
  readonly #empty: readonly EmptyDatabase[]
  #workers: readonly Child[] = []
  #paced = false
  #prepared = false
  #copied = 0

  private constructor(recipe: Recipe, redis: StackRedis, ingress: Ingress) {
    this.#recipe = recipe
    this.#redis = redis
    this.#ingress = ingress
    this.name = recipe.name
    this.target = openTarget(ingress.url, ingress.headers)
    const urls = redis.servers.map(({ url }) => url)
    this.#nodes = urls.map((url) => new Redis(url))
    this.#client = urls.length > 1 ? new Cluster(urls) : new Redis(redis.url)
    const { prefix, names } = recipe.queues
    this.#queues = names.map((name) => new Queue(name, { prefix, connection: this.#client }))
    this.#keyPrefixes = names.map((name) => `${prefix}:${name}:`)
    this.#empty = this.#nodes.map((node) => new EmptyDatabase(node))
  }

  /** Starts Redis and ingress. */
  static async start(recipe: Recipe): Promise<Stack> {
    const redis = await recipe.startRedis()
    return new Stack(recipe, redis, await recipe.startIngress(redis.url))
  }

  /**
   * Leaves no message, makes so many senders known, and has so many workers run. Resolves with whether all its programs have
   * been there before, and had the time to run warm.
   */
  async prepare({ senders, workers, paced }: Preparation): Promise<boolean> {
    await this.clear()
    await this.#ingress.prepare(senders)
    await this.#eachDatabase((database) => database.remember())
    const kept = paced === this.#paced ? this.#workers.slice(0, workers) : []
    for (const worker of this.#workers.slice(kept.length)) await worker.stop()
    this.#paced = paced
    const more = Array.from({ length: workers - kept.length }, (_, index) => kept.length + index)
    const started = more.map((index) => this.#recipe.startWorker(this.#redis.url, index, paced))
    this.#workers = [...kept, ...(await Promise.all(started))]
    const isWarm = this.#prepared && more.length === 0
    this.#prepared = true
    return isWarm
  }

  /** Removes all messages, waiting and finished, but nothing else. */
  clear(): Promise<void> {
    return this.#eachDatabase((database) => database.restore())
  }

  /** Has the workers take nothing on, and later go on. */
  async pause(): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.pause()))
  }

  async resume(): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.resume()))
  }

  /** Removes what is not delivered yet. */
  async leaveRest(signal: AbortSignal): Promise<void> {
    await this.pause()
    await this.untilIdle(signal)
    await this.clear()
    await this.resume()
  }

  /** Has so many more messages wait, each like one of those that do already. A stack with several queues has none copied. */
  async addBacklog(count: number, onProgress: (copied: number) => void = () => undefined): Promise<void> {
    const { indexPrefix } = this.#recipe
    const firstNumber = this.#copied
    this.#copied += count
    const [keyPrefix = ''] = this.#keyPrefixes
    await copyBacklog(this.#client, { keyPrefix, indexPrefix, count, firstNumber, onProgress })
    await this.untilCalm()
  }

  /** Resolves once no more than so many are left to be delivered: none, unless told otherwise. */
  async untilDelivered(signal: AbortSignal, left = 0): Promise<void> {
    await this.#until(async () => (await this.#backlog()) <= left, signal)
  }

  /** Resolves once no worker has a message in hand. */
  async untilIdle(signal: AbortSignal): Promise<void> {
    await this.#until(async () => (await this.#count('llen', ['active'])) === 0, signal)
  }

  /** Resolves once Redis is not writing its file anew, which it does now and then as it grows. */
  async untilCalm(): Promise<void> {
    const isWriting = async (): Promise<boolean> =>
      (await this.redisInfo('persistence')).some((info) => /aof_rewrite_(in_progress|scheduled):1/.test(info))
    while (await isWriting()) await wait(lookMs)
  }

  /** What each Redis says of itself. */
  redisInfo(section: string): Promise<string[]> {
    return Promise.all(this.#nodes.map((node) => node.info(section)))
  }

  /** CPU time since their start, in microseconds. */
  cpu(): Promise<PerProcess> {
    return this.#each(cpuOf)
  }

  /** The same of each Redis. */
  redisCpu(): Promise<number[]> {
    return Promise.all(this.#redis.servers.map(({ pid }) => cpuOf(pid)))
  }

  /** Bytes of the machine's memory. */
  resident(): Promise<PerProcess> {
    return this.#each(residentOf)
  }

  /** Bytes that Redis holds. */
  async usedMemory(): Promise<number> {
    return sum((await this.redisInfo('memory')).map((info) => Number(/used_memory:(\d+)/.exec(info)?.[1])))
  }

  /** Ends everything; orderly, so that programs can write their profiles. */
  async end(): Promise<void> {
    await Promise.all([this.target.close(), ...this.#queues.map((queue) => queue.close())])
    for (const connection of [this.#client, ...this.#nodes]) connection.disconnect()
    await Promise.all([this.#ingress.child, ...this.#workers].map((child) => child.stop()))
    await this.#redis.stop()
  }

  /** How many messages wait, and are in hand. */
  async #backlog(): Promise<number> {
    return sum(
      await Promise.all([this.#count('llen', ['wait', 'active']), this.#count('zcard', ['prioritized', 'delayed'])]),
    )
  }

  /** How many there are in these keys of all queues. */
  async #count(command: 'llen' | 'zcard', names: readonly string[]): Promise<number> {
    const keys = this.#keyPrefixes.flatMap((prefix) => names.map((name) => prefix + name))
    return sum(await Promise.all(keys.map((key) => this.#client[command](key))))
  }

  async #eachDatabase(work: (database: EmptyDatabase) => Promise<void>): Promise<void> {
    await Promise.all(this.#empty.map(work))
  }

  async #until(condition: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + settleLimitMs
    while (!(await condition())) {
      signal.throwIfAborted()
      if (performance.now() > deadline) throw new Error(`${this.name} does not come to an end with its messages`)
      await wait(lookMs)
    }
  }

  async #each(measure: (pid: number) => Promise<number>): Promise<PerProcess> {
    const ofAll = async (processes: readonly Child[]): Promise<number> =>
      sum(await Promise.all(processes.map(({ pid }) => measure(pid))))
    const [ingress, worker, redis] = await Promise.all([
      ofAll([this.#ingress.child]),
      ofAll(this.#workers),
      ofAll(this.#redis.servers),
    ])
    return { ingress, worker, redis }
  }
}
