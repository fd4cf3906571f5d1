import { randomBytes } from 'node:crypto'

import { beforeAll } from '@jest/globals'
import type { Delivery, Receipt } from '@ott/delivery'
import type { TestRedis } from '@ott/local/testing'
import {
  DeliveryQueues,
  HeldSenders,
  type Lane,
  ParkedDeliveries,
  startDeliveryWorker,
  startParkingKeeper,
} from '@ott/queue'
import { aDelivery, retention, usual } from '@ott/queue/testing'
import { createSealer, SenderHolds, SenderRegistry } from '@ott/registry'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

const logger = createLogger('test', 'silent')
const account = 'shop'
const concurrency = 50

type Opened = {
  readonly redis: Redis
  readonly registry: SenderRegistry
  readonly holds: SenderHolds
  readonly queues: DeliveryQueues
}

/** Makes the receipt of a delivery, as its network would. */
type Answer = (delivery: Delivery) => Promise<Receipt>

/** For tests: an ingress' queues and, once they are started, a worker for each of these networks, as in production. */
export function useFleet(server: TestRedis, networks: readonly string[]) {
  let opened: Opened | undefined
  const fleet = (): Opened => {
    if (opened === undefined) throw new Error('the fleet is there once the tests run')
    return opened
  }
  beforeAll(async () => {
    opened = await open(server, networks)
  })
  return {
    redis: () => fleet().redis,
    /** Puts so many deliveries of a sender on its network's queue. */
    send: async (network: string, sender: string, count: number, lane?: Lane): Promise<void> => {
      const deliveries = Array.from({ length: count }, () => aDelivery({ account, network, sender }))
      await Promise.all(deliveries.map((delivery) => fleet().queues.add(delivery, lane)))
    },
    /** Registers a sender, again where it was: what held it back is over then. */
    register: async (network: string, id: string): Promise<void> => {
      const endpointUrl = 'https://network.example'
      await fleet().registry.register({ account, network, id, active: true, endpointUrl, attributes: {} })
    },
    start: (answer: Answer): void => {
      for (const network of networks) server.onStop(startWork(network, answer, fleet()))
    },
  }
}

async function open(server: TestRedis, networks: readonly string[]): Promise<Opened> {
  const redisUrl = server.url
  const redis = await openRedis(redisUrl, 'waiting', logger)
  server.onStop(() => closeRedis(redis))
  const sealer = createSealer([randomBytes(32)])
  const registry = await SenderRegistry.open(redis, { redisUrl, logger, sealer })
  server.onStop(() => registry.close())
  const holds = await SenderHolds.open(redis, { redisUrl, logger })
  server.onStop(() => holds.close())
  const queues = new DeliveryQueues(networks, redis, retention)
  server.onStop(() => queues.close())
  return { redis, registry, holds, queues }
}

/** Returns what stops it. */
function startWork(network: string, answer: Answer, { redis, registry, holds }: Opened): () => Promise<void> {
  const parked = new ParkedDeliveries(network, redis)
  const findRevision = async (of: string, sender: string) => (await registry.find(of, network, sender))?.revision
  const senders = new HeldSenders({
    senders: {
      findRevision,
      findHold: (of, sender) => holds.find(of, network, sender),
      hold: (of, sender, hold) => holds.put(of, network, sender, hold),
      release: (of, sender, hold) => holds.removeIfSame(of, network, sender, hold),
    },
    parked,
    probeMs: 60 * 60 * 1000,
    logger,
  })
  const worker = startDeliveryWorker(network, answer, { ...usual, redis, senders, concurrency })
  const keeping = { redis, parked, holds, findRevision, releasePerSecond: 100, everyMs: 100, logger }
  const keeper = startParkingKeeper(network, network, keeping)
  return async () => {
    await Promise.all([worker.close(), keeper.close()])
    await parked.close()
  }
}
