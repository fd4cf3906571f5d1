import { setTimeout as wait } from 'node:timers/promises'

import { type Child, type RedisServer, startRedisServer } from '@ott/local'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'

import { openTarget, type Target } from '../load/target.ts'
import { cpuOf, residentOf } from '../measure/cpu.ts'
import { copyBacklog } from './backlog.ts'
import { EmptyDatabase } from './empty-database.ts'
import type { Ingress, Recipe, StackName } from './recipe.ts'

/** A figure of each process, of all workers together. */
export type PerProcess = { readonly ingress: number; readonly worker: number; readonly redis: number }

const lookMs = 50
const settleLimitMs = 120_000

/** `paced`: each sender as fast as its network publishes that it may be, which most measurements are to go beyond. */
export type Preparation = { readonly senders: number; readonly workers: number; readonly paced: boolean }

/** One of the two stacks that are measured: a Redis of its own, an ingress, and as many workers as are wanted. */
export class Stack {
  readonly name: StackName
  readonly target: Target
  readonly redis: Redis
  readonly #recipe: Recipe
  readonly #server: RedisServer
  readonly #ingress: Ingress
  readonly #queue: Queue
  readonly #empty: EmptyDatabase
  readonly #keyPrefix: string
  #workers: readonly Child[] = []
  #paced = false
  #copied = 0

  private constructor(recipe: Recipe, server: RedisServer, ingress: Ingress, queue: Queue) {
    this.#recipe = recipe
    this.#server = server
    this.#ingress = ingress
    this.#queue = queue
    this.name = recipe.name
    this.target = openTarget(ingress.url, ingress.headers)
    this.redis = new Redis(server.url)
    this.#empty = new EmptyDatabase(this.redis)
    this.#keyPrefix = `${recipe.queue.prefix}:${recipe.queue.name}:`
  }

  /** Starts Redis and ingress. */
  static async start(recipe: Recipe): Promise<Stack> {
    const server = await startRedisServer()
    const ingress = await recipe.startIngress(server)
    const { prefix, name } = recipe.queue
    const queue = new Queue(name, { prefix, connection: { host: '127.0.0.1', port: server.port } })
    return new Stack(recipe, server, ingress, queue)
  }

  /** Leaves no message, makes so many senders known, and has so many workers run. */
  async prepare({ senders, workers, paced }: Preparation): Promise<void> {
    await this.#empty.restore()
    await this.#ingress.prepare(senders)
    await this.#empty.remember()
    const kept = paced === this.#paced ? this.#workers.slice(0, workers) : []
    for (const worker of this.#workers.slice(kept.length)) await worker.stop()
    this.#paced = paced
    const more = Array.from({ length: workers - kept.length }, (_, index) => kept.length + index)
    const started = more.map((index) => this.#recipe.startWorker(this.#server, index, paced))
    this.#workers = [...kept, ...(await Promise.all(started))]
  }

  /** Removes all messages, waiting and finished, but nothing else. */
  clear(): Promise<void> {
    return this.#empty.restore()
  }

  /** Has the workers take nothing on, and later go on. */
  pause(): Promise<void> {
    return this.#queue.pause()
  }

  resume(): Promise<void> {
    return this.#queue.resume()
  }

  /** Removes what is not delivered yet. */
  async leaveRest(signal: AbortSignal): Promise<void> {
    await this.pause()
    await this.untilIdle(signal)
    await this.clear()
    await this.resume()
  }

  /** Has so many more messages wait, each like one of those that do already. */
  async addBacklog(count: number, onProgress: (copied: number) => void = () => undefined): Promise<void> {
    const { indexPrefix } = this.#recipe
    const firstNumber = this.#copied
    this.#copied += count
    await copyBacklog(this.redis, { keyPrefix: this.#keyPrefix, indexPrefix, count, firstNumber, onProgress })
    await this.untilCalm()
  }

  /** Resolves once no more than so many are left to be delivered: none, unless told otherwise. */
  async untilDelivered(signal: AbortSignal, left = 0): Promise<void> {
    await this.#until(async () => (await this.#backlog()) <= left, signal)
  }

  /** Resolves once no worker has a message in hand. */
  async untilIdle(signal: AbortSignal): Promise<void> {
    await this.#until(async () => (await this.redis.llen(`${this.#keyPrefix}active`)) === 0, signal)
  }

  /** Resolves once Redis is not writing its file anew, which it does now and then as it grows. */
  async untilCalm(): Promise<void> {
    while (/aof_rewrite_(in_progress|scheduled):1/.test(await this.redis.info('persistence'))) await wait(lookMs)
  }

  /** CPU time since their start, in microseconds. */
  cpu(): Promise<PerProcess> {
    return this.#each(cpuOf)
  }

  /** Bytes of the machine's memory. */
  resident(): Promise<PerProcess> {
    return this.#each(residentOf)
  }

  /** Bytes that Redis holds. */
  async usedMemory(): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await this.redis.info('memory'))?.[1])
  }

  /** Ends everything; orderly, so that programs can write their profiles. */
  async end(): Promise<void> {
    await Promise.all([this.target.close(), this.#queue.close()])
    this.redis.disconnect()
    await Promise.all([this.#ingress.child, ...this.#workers].map((child) => child.stop()))
    await this.#server.stop()
  }

  /** How many messages wait, and are in hand. */
  async #backlog(): Promise<number> {
    const counts = await Promise.all([
      ...['wait', 'active'].map((list) => this.redis.llen(this.#keyPrefix + list)),
      ...['prioritized', 'delayed'].map((set) => this.redis.zcard(this.#keyPrefix + set)),
    ])
    return counts.reduce((sum, count) => sum + count, 0)
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
    const [ingress, redis, ...workers] = await Promise.all(
      [this.#ingress.child, this.#server, ...this.#workers].map(({ pid }) => measure(pid)),
    )
    return { ingress: ingress ?? 0, redis: redis ?? 0, worker: workers.reduce((sum, one) => sum + one, 0) }
  }
}
