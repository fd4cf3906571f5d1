import { randomBytes } from 'node:crypto'

import { expect } from '@jest/globals'
import { testWithOwnRedis, useRedisCluster } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis } from '@ott/runtime'

import { createSealer } from './sealer.ts'
import { SenderRegistry } from './sender-registry.ts'

const cluster = useRedisCluster()

testWithOwnRedis('keys are rotated of all senders, on whichever node of a cluster they are', async () => {
  const logger = createLogger('test', 'silent')
  const redis = await openRedis(cluster().url, 'failing', logger)
  const [old, current] = [randomBytes(32), randomBytes(32)]
  const open = (...keys: [Buffer, ...Buffer[]]) =>
    SenderRegistry.open(redis, { redisUrl: cluster().url, logger, sealer: createSealer(keys) })
  const before = await open(old)
  const accounts = Array.from({ length: 20 }, (_, index) => `account-${index}`)
  for (const account of accounts)
    await before.register({
      account,
      network: 'line',
      id: 'shop',
      active: true,
      endpointUrl: 'https://api.line.me',
      attributes: {},
    })
  await before.close()
  const after = await open(current, old)
  expect(await after.rotateKeys('line')).toEqual({ rotated: 20, all: 20 })
  await after.close()
  await closeRedis(redis)
})
