import type { Child } from '@ott/local'

import type { StackRedis } from './stack-redis.ts'

/** An ingress that runs. */
export type Ingress = {
  readonly child: Child
  /** Where messages are posted to. */
  readonly url: string
  /** What goes with each request. */
  readonly headers: () => Readonly<Record<string, string>>
  /** Makes so many senders known, and whoever sends able to send for some minutes. */
  readonly prepare: (senders: number) => Promise<void>
}

/** How to start a stack. Each keeps its messages in queues of BullMQ. */
export type Recipe = {
  readonly name: string
  readonly queues: { readonly prefix: string; readonly names: readonly string[] }
  /** What the keys of its index by message key begin with, if it keeps one. */
  readonly indexPrefix?: string
  readonly startRedis: () => Promise<StackRedis>
  readonly startIngress: (redisUrl: string) => Promise<Ingress>
  /** Resolves once it takes messages. `paced`: as fast as the network publishes, and no faster. */
  readonly startWorker: (redisUrl: string, index: number, paced: boolean) => Promise<Child>
}

export type RecipeOptions = {
  /** Where the programs' logs go. */
  readonly folder: string
  readonly networkUrl: string
  /** How many messages a worker has in hand at a time. */
  readonly concurrency: number
  /** Where CPU profiles of our programs go; none are made without. */
  readonly profiles: string | undefined
}
