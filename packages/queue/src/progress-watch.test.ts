import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import { aDelivery } from './a-delivery.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { type ProgressWatchOptions, watchProgress } from './progress-watch.ts'
import { logger, sent, usual } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line', 'messenger'])

/** Watches, and collects what is said to be stuck. */
function watch(options: Pick<ProgressWatchOptions, 'queue' | 'progress'> & Partial<ProgressWatchOptions>) {
  const reasons: string[] = []
  const watched = watchProgress({
    redis: given.redis(),
    logger,
    attemptLimitMs: 60_000,
    idleLimitMs: 60,
    everyMs: 10,
    onStuck: (reason) => void reasons.push(reason),
    ...options,
  })
  given.afterTest(async () => watched.close())
  return { ...watched, reasons }
}

const idle = { lastTakenAt: 0, oldestBegunAt: undefined, hasRoom: true }

test('a worker that takes nothing although deliveries wait is stuck, and no longer alive', async () => {
  await given.queues().add(aDelivery({ network: 'messenger' }))
  const { reasons, check } = watch({ queue: 'messenger', progress: () => idle })
  await untilTrue(async () => reasons.length > 0)
  expect(reasons).toEqual([expect.stringMatching(/^deliveries wait, and none has been taken for/)])
  await expect(check()).rejects.toThrow('deliveries wait')
})

test('a worker that is stuck is told of once, however long Redis takes to answer', async () => {
  await given.queues().add(aDelivery({ network: 'messenger' }))
  await given.redis().call('CLIENT', 'PAUSE', '300', 'ALL')
  const { reasons } = watch({ queue: 'messenger', progress: () => idle })
  await untilTrue(async () => reasons.length > 0)
  await given.redis().ping()
  expect(reasons).toHaveLength(1)
})

test('a worker whose attempt does not end is stuck', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  const worker = startDeliveryWorker(
    'line',
    async () => {
      begin()
      await answered
      return sent
    },
    { ...usual, redis: given.redis() },
  )
  given.afterTest(() => worker.close())
  await given.queues().add(aDelivery())
  await begun
  const { reasons } = watch({ queue: 'line', progress: worker.progress, attemptLimitMs: 50 })
  await untilTrue(async () => reasons.length > 0)
  expect(reasons).toEqual([expect.stringMatching(/^an attempt has not ended for/)])
  answer()
})

test('a worker that has nothing to do, or gets on with what there is, is alive', async () => {
  const worker = startDeliveryWorker('line', async () => sent, { ...usual, redis: given.redis() })
  given.afterTest(() => worker.close())
  const { reasons, check } = watch({ queue: 'line', progress: worker.progress })
  const deliveries = Array.from({ length: 200 }, () => aDelivery())
  for (const delivery of deliveries) await given.queues().add(delivery)
  for (const { id } of deliveries) await untilTrue(async () => (await given.lastEvent(id))?.event === 'sent')
  expect(reasons).toEqual([])
  expect(await check()).toBe('gets on')
})
