import type { Child, RedisServer } from '@ott/local'

/** The two that are measured against each other. */
export type StackName = 'ours' | 'baseline'

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

/** How to start a stack's programs. Both keep their messages in a queue of BullMQ. */
export type Recipe = {
  readonly name: StackName
  readonly queue: { readonly prefix: string; readonly name: string }
  /** What the keys of its index by message key begin with, if it keeps one. */
  readonly indexPrefix?: string
  readonly startIngress: (redis: RedisServer) => Promise<Ingress>
  /** Resolves once it takes messages. `paced`: as fast as the network publishes, and no faster. */
  readonly startWorker: (redis: RedisServer, index: number, paced: boolean) => Promise<Child>
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
