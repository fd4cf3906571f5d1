import { once } from 'node:events'

import { expect, test } from '@jest/globals'
import { accepted, deferred, type Delivery } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'

import { aDelivery } from './a-delivery.ts'
import type { Attempt } from './attempt.ts'
import { openQueue } from './connection.ts'
import { type DeliveryWorker, startDeliveryWorker } from './delivery-worker.ts'
import type { Lane } from './lane.ts'
import { SenderPaces } from './pace.ts'
import { logger, sent, usual } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])

/** Starts a worker process's part on the queue, which delivers like this. */
function work(attempt: Attempt, options: Partial<Parameters<typeof startDeliveryWorker>[2]> = {}): DeliveryWorker {
  const worker = startDeliveryWorker('line', attempt, { ...usual, redis: given.redis(), ...options })
  given.afterTest(() => worker.close())
  return worker
}

async function add(sender: string, count: number, lane: Lane = 'usual', changes: Partial<Delivery> = {}) {
  const deliveries = Array.from({ length: count }, () => aDelivery({ sender, ...changes }))
  await Promise.all(deliveries.map((delivery) => given.queues().add(delivery, lane)))
  return deliveries.map(({ id }) => id)
}

test('replies go before usual deliveries and those before slow ones, and each lane keeps its order', async () => {
  const slow = await add('a', 3, 'slow')
  const usualOnes = await add('b', 3)
  const replies = await add('c', 3, 'reply')
  const taken: string[] = []
  work(async ({ id }) => {
    taken.push(id)
    return sent
  })
  await untilTrue(() => taken.length === 9)
  expect(taken).toEqual([...replies, ...usualOnes, ...slow])
})

test('a delivery that comes again waits in its own lane', async () => {
  const queue = openQueue('line', given.redis())
  given.afterTest(() => queue.close())
  const [delayed] = await add('a', 1, 'slow')
  const attempted: string[] = []
  work(async ({ id }) => {
    attempted.push(id)
    return attempted.length === 1
      ? { outcome: 'deferred', reason: 'unavailable', message: 'LINE answered 503', retryAfterMs: 1 }
      : sent
  })
  await untilTrue(() => attempted.length === 2)
  expect(attempted).toEqual([delayed, delayed])
  expect((await queue.getJob(delayed ?? ''))?.priority).toBe(2)
})

/** The most that lie within any one second. */
function mostInASecond(times: readonly number[]): number {
  let [most, from] = [0, 0]
  for (let to = 0; to < times.length; to += 1) {
    while ((times[to] ?? 0) - (times[from] ?? 0) >= 1000) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

test('two processes together never send faster than the pace, and what is over it waits in the queue without a trace', async () => {
  const perSecond = 300
  const sentAt: number[] = []
  const definition = { pace: () => ({ name: 'messages', perSecond }), isReply: () => false }
  for (let started = 0; started < 2; started += 1) {
    work(
      async () => {
        sentAt.push(performance.now())
        return sent
      },
      {
        concurrency: 20,
        paces: new SenderPaces({ network: 'line', definition, percent: 100, redis: given.redis(), logger }),
      },
    )
  }
  const ids = await add('a', 1000, 'slow')
  await untilTrue(() => sentAt.length === 1000)
  expect(mostInASecond(sentAt)).toBeLessThanOrEqual(perSecond)
  const last = ids.at(-1) ?? ''
  await untilTrue(async () => (await given.lastEvent(last))?.event === 'sent')
  const history = await given.history(last)
  expect(history?.attempts).toHaveLength(1)
  expect(history?.events.map(({ event }) => event)).toEqual(['created', 'queued', 'sent'])
})

test('a reply of a sender that is at its pace goes before the sender’s campaign', async () => {
  const order: string[] = []
  const definition = {
    pace: () => ({ name: 'messages', perSecond: 100 }),
    isReply: ({ purpose }: Delivery) => purpose === 'response',
  }
  const paces = new SenderPaces({ network: 'line', definition, percent: 100, redis: given.redis(), logger })
  work(
    async ({ purpose }) => {
      order.push(purpose ?? 'update')
      return sent
    },
    { concurrency: 20, paces },
  )
  await add('a', 300, 'slow')
  await untilTrue(() => order.length > 20)
  await add('a', 3, 'reply', { purpose: 'response' })
  await untilTrue(() => order.filter((purpose) => purpose === 'response').length === 3)
  expect(order.length).toBeLessThan(200)
  await untilTrue(() => order.length === 303)
})

test('a flood leaves places for others: they are taken while all that it may have under way is', async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  const taken: string[] = []
  work(
    async ({ sender }) => {
      taken.push(sender)
      if (sender === 'floods') await answered
      return sent
    },
    { concurrency: 8 },
  )
  await add('floods', 100, 'slow')
  await untilTrue(() => taken.length === 8)
  await add('b', 3)
  await add('c', 3, 'reply')
  await untilTrue(() => taken.length === 14)
  expect(taken.slice(8).toSorted()).toEqual(['b', 'b', 'b', 'c', 'c', 'c'])
  answer()
  await untilTrue(() => taken.length === 106)
})

test('senders whose endpoint hangs do not keep others from being delivered', async () => {
  const { promise: wellAgain, resolve: mend } = Promise.withResolvers<void>()
  const delivered = new Map<string, number>()
  work(
    async ({ sender }) => {
      if (sender.startsWith('hangs')) await wellAgain
      delivered.set(sender, (delivered.get(sender) ?? 0) + 1)
      return accepted('push', ['1'])
    },
    { concurrency: 8 },
  )
  await add('hangs-1', 100)
  await add('hangs-2', 100)
  for (const sender of ['b', 'c', 'd']) {
    await add(sender, 20)
    await untilTrue(() => delivered.get(sender) === 20)
  }
  expect([...delivered.keys()]).toEqual(['b', 'c', 'd'])
  mend()
  await untilTrue(() => delivered.get('hangs-1') === 100 && delivered.get('hangs-2') === 100)
})

test('what still waits for a place when its worker is stopped is not attempted, and goes back without a trace', async () => {
  const attempted: string[] = []
  const worker = work(
    async ({ id }, { signal }) => {
      attempted.push(id)
      if (!signal.aborted) await once(signal, 'abort')
      return deferred('no-answer', 'the worker was stopped', { inDoubt: true })
    },
    { concurrency: 4, stopLimitMs: 100 },
  )
  const ids = await add('hangs', 6)
  const active = openQueue('line', given.redis())
  given.afterTest(() => active.close())
  await untilTrue(async () => (await active.getActiveCount()) === 6)
  await worker.close()
  expect(attempted).toHaveLength(4)
  const untouched = ids.filter((id) => !attempted.includes(id))
  const histories = await Promise.all(untouched.map((id) => given.history(id)))
  expect(histories.map((history) => history?.attempts)).toEqual([[], []])
})
