import { cpus, totalmem } from 'node:os'

import type { Stack } from '../stack/stack.ts'

/** What was measured on: a figure says nothing without it. */
export type Machine = {
  readonly processor: string
  readonly cores: number
  readonly memoryGigabytes: number
  readonly node: string
  readonly redis: string
}

export async function describeMachine(stack: Stack): Promise<Machine> {
  const [first] = cpus()
  const [about = ''] = await stack.redisInfo('server')
  return {
    processor: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    redis: /redis_version:(\S+)/.exec(about)?.[1] ?? 'unknown',
  }
}

/** In one line, for people. */
export function inWords({ processor, cores, memoryGigabytes, node, redis }: Machine): string {
  return `${cores} × ${processor}, ${memoryGigabytes} GB, Node ${node}, Redis ${redis}`
}
