import type { Redis } from '@ott/runtime'

/** For tests: how many commands Redis has had so far. */
export async function commandsProcessed(redis: Redis): Promise<number> {
  const stats = await redis.info('stats')
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1])
}
