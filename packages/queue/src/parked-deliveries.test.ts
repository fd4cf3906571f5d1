import { randomUUID } from 'node:crypto'

import { beforeEach, expect, test } from '@jest/globals'

import { aDelivery } from './a-delivery.ts'
import { ParkedDeliveries } from './parked-deliveries.ts'
import { pickUp, useParked } from './use-parked.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])
const { open, park, queued } = useParked(given)

beforeEach(() => given.redis().flushdb())

test('parked deliveries go back to the queue oldest first, as many as wanted', async () => {
  const { parked } = open()
  const ids = await park('1', 5)
  expect(await parked.release('shop', '1', 2)).toBe(2)
  expect(await queued()).toEqual(ids.slice(0, 2))
  expect(await parked.count('shop', '1')).toBe(3)
  expect(await parked.release('shop', '1', 10)).toBe(3)
  expect(await queued()).toEqual(ids)
  expect(await parked.release('shop', '1', 10)).toBe(0)
})

test('a sender’s deliveries are released without those of another', async () => {
  const { parked } = open()
  await park('1', 2)
  await park('2', 3)
  await parked.release('shop', '1', 10)
  expect(await parked.senders()).toEqual([{ account: 'shop', sender: '2' }])
  expect(await parked.count('shop', '2')).toBe(3)
})

test('10,000 parked deliveries are all released, in order', async () => {
  const { parked, redis } = open()
  const ids = await park('1', 10_000)
  expect(await parked.release('shop', '1', 20_000)).toBe(10_000)
  expect(await queued()).toEqual(ids)
  expect(await parked.count('shop', '1')).toBe(0)
  expect(await redis.keys('ott:parked:*')).toEqual([])
})

test('a delivery that is just being parked is not lost to a release: the next one takes it', async () => {
  const { redis, parked } = open()
  const delivery = aDelivery({ sender: '1' })
  await given.queues().add(delivery)
  const held = await pickUp(redis, given.afterTest)
  await parked.add(delivery)
  expect(await parked.release('shop', '1', 10)).toBe(0)
  await held.park()
  expect(await parked.release('shop', '1', 10)).toBe(1)
  expect(await queued()).toEqual([delivery.id])
})

test('deliveries that are just being parked do not keep those behind them from being released', async () => {
  const { redis, parked } = open()
  const oldest = aDelivery({ sender: '1', createdAt: 1 })
  await given.queues().add(oldest)
  await pickUp(redis, given.afterTest)
  await parked.add(oldest)
  const [next] = await park('1', 1)
  expect(await parked.oldest('shop', '1')).toBe(next)
  expect(await parked.release('shop', '1', 1)).toBe(1)
  expect(await queued()).toEqual([next])
  expect(await parked.count('shop', '1')).toBe(1)
})

test('a delivery that is parked again while it is released stays known as parked', async () => {
  const { redis, parked } = open()
  const delivery = aDelivery({ sender: '1' })
  await given.queues().add(delivery)
  await parked.add(delivery)
  // It woke by itself. A worker takes it, finds its sender held back and parks it, after the keeper found it was not parked.
  const parkAgain = async (): Promise<void> => {
    const held = await pickUp(redis, given.afterTest)
    await parked.add(delivery)
    await held.park()
  }
  const keeper = new ParkedDeliveries('line', interrupting(redis, 'eval', parkAgain))
  given.afterTest(() => keeper.close())
  expect(await keeper.releaseOne('shop', '1', delivery.id)).toBe(false)
  expect(await parked.count('shop', '1')).toBe(1)
  expect(await keeper.releaseOne('shop', '1', delivery.id)).toBe(true)
})

test('a sender one of whose deliveries is parked just as the last one leaves is not forgotten', async () => {
  const { redis, parked } = open()
  const next = aDelivery({ sender: '1' })
  await park('1', 1)
  const keeper = new ParkedDeliveries(
    'line',
    interrupting(redis, 'srem', () => parked.add(next)),
  )
  given.afterTest(() => keeper.close())
  await keeper.release('shop', '1', 10)
  expect(await parked.senders()).toEqual([{ account: 'shop', sender: '1' }])
})

test('what a keeper had in hand when it died is what the next one releases first', async () => {
  const { redis, parked } = open()
  const ids = await park('1', 3)
  const failing = interrupting(redis, 'lpos', () => Promise.reject(new Error('killed')))
  const keeper = new ParkedDeliveries('line', failing)
  given.afterTest(() => keeper.close())
  const stale = aDelivery({ sender: '1', createdAt: 1 })
  await given.queues().add(stale)
  await parked.add(stale)
  await expect(keeper.release('shop', '1', 2)).rejects.toThrow('killed')
  expect(await parked.release('shop', '1', 10)).toBeGreaterThanOrEqual(2)
  expect(new Set(await queued())).toEqual(new Set([stale.id, ...ids]))
  expect(await parked.count('shop', '1')).toBe(0)
})

test('deliveries that are no longer there, or no longer parked, leave the index and do not count as released', async () => {
  const { parked, queue } = open()
  const [removed, woken, waiting] = await park('1', 3)
  await parked.add(aDelivery({ sender: '1', id: randomUUID(), createdAt: 1 }))
  await (await queue.getJob(String(removed)))?.remove()
  await (await queue.getJob(String(woken)))?.promote()
  expect(await parked.count('shop', '1')).toBe(4)
  expect(await parked.oldest('shop', '1')).toBe(waiting)
  expect(await parked.release('shop', '1', 1)).toBe(1)
  expect(await queued()).toEqual([woken, waiting])
  expect(await parked.count('shop', '1')).toBe(0)
})

test('deliveries that expired while they waited leave the index, even behind one that waits for ever', async () => {
  const { redis, parked, queue } = open()
  const ids = await park('1', 5)
  const underWay = aDelivery({ sender: '1', createdAt: 2500 })
  await given.queues().add(underWay)
  await pickUp(redis, given.afterTest)
  await parked.add(underWay)
  for (const id of ids.slice(1, 4)) await (await queue.getJob(id))?.remove()
  await parked.sweep('shop', '1')
  expect(await parked.count('shop', '1')).toBe(3)
  expect(await parked.release('shop', '1', 10)).toBe(2)
  expect(await queued()).toEqual([ids[0], ids[4]])
})

test('one delivery can be let through alone, once', async () => {
  const { parked } = open()
  const [, second] = await park('1', 3)
  expect(await parked.releaseOne('shop', '1', String(second))).toBe(true)
  expect(await parked.releaseOne('shop', '1', String(second))).toBe(false)
  expect(await queued()).toEqual([second])
  expect(await parked.count('shop', '1')).toBe(2)
})

/** A connection on which something else happens before the first such command. */
function interrupting<Client extends object>(
  redis: Client,
  command: keyof Client,
  first: () => Promise<unknown>,
): Client {
  let isFirst = true
  return new Proxy(redis, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (name !== command || typeof value !== 'function') return value
      return async (...args: unknown[]): Promise<unknown> => {
        if (isFirst) {
          isFirst = false
          await first()
        }
        return Reflect.apply(value, target, args)
      }
    },
  })
}
