import { expect } from '@jest/globals'
import { durationOf, testWithOwnRedis, untilTrue, useRedisCluster } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis } from '@ott/runtime'

import { ClientRegistry } from './client-registry.ts'
import { SenderHolds } from './sender-holds.ts'

const cluster = useRedisCluster({ replicas: 1 })
const logger = createLogger('test', 'silent')

testWithOwnRedis(
  'on a cluster a change made by another process is seen within a second, also after each node crashed',
  async () => {
    const redisUrl = cluster().url
    const [one, other] = [await openRedis(redisUrl, 'waiting', logger), await openRedis(redisUrl, 'waiting', logger)]
    const options = { redisUrl, logger }
    const [clients, elsewhere] = [await ClientRegistry.open(one, options), await ClientRegistry.open(other, options)]
    const { client } = await clients.create({ name: 'shop', account: 'shop', scopes: [] })
    // Whichever node is listened to is among them.
    for (const shard of [undefined, 0, 1, 2]) {
      if (shard !== undefined) await cluster().failOver(shard, 'crash')
      for (const enabled of [false, true]) {
        await untilTrue(async () => (await elsewhere.find(client.id))?.enabled === !enabled)
        await clients.setEnabled(client.id, enabled)
        const isSeen = async () => (await elsewhere.find(client.id))?.enabled === enabled
        expect(await durationOf(() => untilTrue(isSeen))).toBeLessThan(1000)
      }
    }
    await Promise.all([clients.close(), elsewhere.close()])
    await Promise.all([closeRedis(one), closeRedis(other)])
  },
)

testWithOwnRedis('on a cluster holds are kept and found', async () => {
  const redis = await openRedis(cluster().url, 'waiting', logger)
  const holds = await SenderHolds.open(redis, { redisUrl: cluster().url, logger })
  expect(await holds.find('shop', 'line', 'support')).toBeUndefined()
  expect(await holds.list('line')).toEqual([])
  await holds.close()
  await closeRedis(redis)
})
