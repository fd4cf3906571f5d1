import { beforeAll, beforeEach } from '@jest/globals'
import { accepted, type Delivery, type History, type Receipt } from '@ott/delivery'
import { type TestRedis, untilTrue } from '@ott/local/testing'
import { DeliveryQueues, startDeliveryWorker } from '@ott/queue'
import { aDelivery, logger, retention, usual } from '@ott/queue/testing'
import { closeRedis, openRedis, type Redis } from '@ott/runtime'

const networks = ['line', 'messenger']

/** The queues that the programs share, empty before each test, with workers that have deliveries fail for real. */
export function useFailed(server: TestRedis) {
  let opened: { readonly redis: Redis; readonly queues: DeliveryQueues } | undefined
  beforeAll(async () => {
    const redis = await openRedis(server.url, 'waiting', logger)
    server.onStop(() => closeRedis(redis))
    const queues = new DeliveryQueues(networks, redis, retention)
    server.onStop(() => queues.close())
    opened = { redis, queues }
  })
  const there = () => {
    if (opened === undefined) throw new Error('the queues are there once the tests run')
    return opened
  }
  beforeEach(() => there().redis.flushdb())

  const answer = (network: string, receipt: Receipt, number: number) =>
    answerAll({ network, receipt, number, redis: there().redis })
  return {
    /** Queues so many deliveries, and has each refused. Returns their ids. */
    fail: async (number: number, receipt: Receipt, changes: Partial<Delivery> = {}): Promise<string[]> => {
      for (let added = 0; added < number; added += 1) await there().queues.add(aDelivery(changes))
      return answer(changes.network ?? 'line', receipt, number)
    },
    /** Has so many deliveries accepted that wait for LINE, and returns their ids. */
    accept: (number: number) => answer('line', accepted('push', ['1']), number),
    find: async (id: string): Promise<History | undefined> => there().queues.find('shop', id),
  }
}

type Answers = { readonly network: string; readonly receipt: Receipt; readonly number: number; readonly redis: Redis }

/** Answers each delivery of a network so, until this number was. Returns their ids. */
async function answerAll({ network, receipt, number, redis }: Answers): Promise<string[]> {
  const ids: string[] = []
  const attempt = async ({ id }: Delivery): Promise<Receipt> => {
    ids.push(id)
    return receipt
  }
  const worker = startDeliveryWorker(network, attempt, { ...usual, redis, concurrency: 10 })
  try {
    await untilTrue(() => ids.length === number)
  } finally {
    await worker.close()
  }
  return ids.toSorted()
}
