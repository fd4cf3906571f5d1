import { randomBytes } from 'node:crypto'

import { beforeAll } from '@jest/globals'
import { useRedis } from '@ott/local/testing'
import { CallbackRegistry, createSealer } from '@ott/registry'
import { closeRedis, type Logger, openRedis, type Redis } from '@ott/runtime'

/** For tests: the registered callbacks, on a Redis of the file's own. */
export function useRegistry(logger: Logger) {
  const server = useRedis()
  let opened: { readonly redis: Redis; readonly registry: CallbackRegistry } | undefined
  beforeAll(async () => {
    const redis = await openRedis(server.url, 'waiting', logger)
    server.onStop(() => closeRedis(redis))
    const sealer = createSealer([randomBytes(32)])
    const registry = await CallbackRegistry.open(redis, { redisUrl: server.url, logger, sealer })
    server.onStop(() => registry.close())
    opened = { redis, registry }
  })
  const there = () => {
    if (opened === undefined) throw new Error('the registry is there once the tests run')
    return opened
  }
  return { server, redis: () => there().redis, registry: () => there().registry }
}
