import { beforeAll, beforeEach } from '@jest/globals'
import { type Delivery, type Receipt, refused } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'
import type { Redis } from '@ott/runtime'

import { type NetworkQueue, openQueue } from './connection.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { FailedDeliveries } from './failed-deliveries.ts'
import { toJob } from './job.ts'
import { usual } from './testing.ts'
import { useQueues } from './use-queues.ts'

type Opened = { readonly failed: FailedDeliveries; readonly line: NetworkQueue; readonly messenger: NetworkQueue }

/** For tests: queues of two networks, empty before each test, with a way to have deliveries fail for real. */
export function useFailures() {
  const given = useQueues(['line', 'messenger'])
  let opened: Opened | undefined
  beforeAll(() => {
    const redis = given.redis()
    const failed = new FailedDeliveries(['line', 'messenger'], redis)
    opened = { failed, line: openQueue('line', redis), messenger: openQueue('messenger', redis) }
    for (const one of Object.values(opened)) given.server.onStop(() => one.close())
  })
  beforeEach(() => given.redis().flushdb())

  const there = (): Opened => {
    if (opened === undefined) throw new Error('the queues are there once the tests run')
    return opened
  }
  return {
    ...given,
    failed: () => there().failed,
    lineQueue: () => there().line,
    messengerQueue: () => there().messenger,
    /** Answers LINE's deliveries as `answer` says, until `done`. Returns the ids that were attempted. */
    work: (answer: Receipt, done: () => Promise<boolean>) => work('line', given.redis(), answer, done),
    /** Queues deliveries to one network, and has each refused. */
    fail: async (deliveries: readonly Delivery[], answer: Receipt = refused('recipient', 'LINE answered 400')) => {
      const network = deliveries[0]?.network === 'messenger' ? 'messenger' : 'line'
      const queue = there()[network]
      const failedMax = (await queue.getFailedCount()) + deliveries.length
      await addAll(queue, deliveries)
      await work(network, given.redis(), answer, async () => (await queue.getFailedCount()) === failedMax)
    },
  }
}

async function addAll(queue: NetworkQueue, deliveries: readonly Delivery[]): Promise<void> {
  await queue.addBulk(
    deliveries.map((delivery) => ({ name: 'deliver', data: toJob(delivery), opts: { jobId: delivery.id } })),
  )
}

async function work(
  network: string,
  redis: Redis,
  answer: Receipt,
  done: () => Promise<boolean>,
): Promise<readonly string[]> {
  const attempted: string[] = []
  const attempt = async ({ id }: Delivery): Promise<Receipt> => {
    attempted.push(id)
    return answer
  }
  const worker = startDeliveryWorker(network, attempt, { ...usual, redis, concurrency: 50 })
  try {
    await untilTrue(done)
  } finally {
    await worker.close()
  }
  return attempted
}
