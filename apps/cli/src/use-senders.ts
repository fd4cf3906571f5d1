import { beforeAll } from '@jest/globals'
import type { Delivery, Hold, Sender } from '@ott/delivery'
import type { TestRedis } from '@ott/local/testing'
import { DeliveryQueues, ParkedDeliveries } from '@ott/queue'
import { retention } from '@ott/queue/testing'
import { createSealer, SenderHolds, SenderRegistry } from '@ott/registry'
import { closeRedis, createLogger, openRedis } from '@ott/runtime'

import { key } from './use-ott.ts'

export const channelSecret = 'channel-secret=#1'

/** As a file or standard input brings the secrets. */
export const secretLines = `# from the console\nchannelSecret=${channelSecret}\n`

/** Options that say which account and network are meant. */
export const of = (network = 'line') => ['--account', 'shop', '--network', network]

/** A command that registers a LINE channel, once it has the secrets. */
export function registration(id: string, ...more: string[]): string[] {
  const attributes = [`channelId=${id}`, 'channelName=Shop', 'isTransactional=true', 'isTestChannel=no']
  return ['sender', 'register', ...of(), '--endpoint-url', 'https://api.line.me', '--set', ...attributes, ...more]
}

/** That channel, as --json shows it. */
export function shown(id: string, changes: object = {}) {
  return {
    account: 'shop',
    network: 'line',
    id,
    isActive: true,
    endpointUrl: 'https://api.line.me',
    attributes: { channelId: id, channelName: 'Shop', isTransactional: true, isTestChannel: false },
    ...changes,
  }
}

/** The registry that the programs share, seen from beside the command line, for the tests of one file. */
export function useSenders(redis: TestRedis) {
  let registry: SenderRegistry | undefined
  let holds: SenderHolds | undefined
  let parked: ParkedDeliveries | undefined
  beforeAll(async () => {
    const logger = createLogger('test', 'silent')
    const connection = await openRedis(redis.url, 'failing', logger)
    redis.onStop(() => closeRedis(connection))
    const sealer = createSealer([Buffer.from(key, 'base64')])
    registry = await SenderRegistry.open(connection, { redisUrl: redis.url, logger, sealer })
    redis.onStop(() => registry?.close())
    holds = await SenderHolds.open(connection, { redisUrl: redis.url, logger })
    redis.onStop(() => holds?.close())
    // Whoever asks for what is parked goes by the queues that a producer has made.
    const queues = new DeliveryQueues(['line'], connection, retention)
    redis.onStop(() => queues.close())
    parked = new ParkedDeliveries('line', connection)
    redis.onStop(() => parked?.close())
  })
  return {
    find: async (id: string): Promise<Sender | undefined> => registry?.find('shop', 'line', id),
    register: async (sender: Omit<Sender, 'revision'>): Promise<void> => registry?.register(sender),
    findHold: async (id: string): Promise<Hold | undefined> => holds?.find('shop', 'line', id),
    /** Holds the sender back as it is registered now. */
    hold: async (id: string, hold: Omit<Hold, 'revision'>): Promise<void> => {
      const { revision = '' } = (await registry?.find('shop', 'line', id)) ?? {}
      await holds?.put('shop', 'line', id, { ...hold, revision })
    },
    park: async (delivery: Delivery): Promise<void> => parked?.add(delivery),
  }
}
