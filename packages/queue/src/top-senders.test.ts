import { beforeEach, expect, test } from '@jest/globals'

import { aDelivery } from './a-delivery.ts'
import type { Lane } from './lane.ts'
import { SenderLoads } from './top-senders.ts'
import { useParked } from './use-parked.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])
const { park } = useParked(given)

beforeEach(() => given.redis().flushdb())

function open(): SenderLoads {
  const loads = new SenderLoads('line', given.redis())
  given.afterTest(() => loads.close())
  return loads
}

async function add(sender: string, count: number, lane: Lane = 'usual'): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => given.queues().add(aDelivery({ sender }), lane)))
}

test('the senders with most deliveries waiting or parked are told, whatever their lanes, the most first', async () => {
  await add('few', 1, 'reply')
  await add('flood', 6, 'slow')
  await add('flood', 1)
  await add('some', 2)
  await add('some', 1, 'reply')
  await park('parked', 5)
  const [flood, parked, some] = [
    { account: 'shop', sender: 'flood', waiting: 7, parked: 0 },
    { account: 'shop', sender: 'parked', waiting: 0, parked: 5 },
    { account: 'shop', sender: 'some', waiting: 3, parked: 0 },
  ]
  expect(await open().top(3)).toEqual({ waiting: 11, looked: 11, senders: [flood, parked, some] })
})

test('of a long queue those are looked at that come next in each lane, and it is told how many', async () => {
  await add('flood', 1500, 'slow')
  await add('usual', 1200)
  await add('replying', 1, 'reply')
  const { waiting, looked, senders } = await open().top(10)
  expect([waiting, looked]).toEqual([2701, 2001])
  const counts = senders.map(({ sender, waiting: counted }) => [sender, counted])
  expect(Object.fromEntries(counts)).toEqual({ flood: 1000, usual: 1000, replying: 1 })
})

test('where nothing waits, nobody is told', async () => {
  expect(await open().top(10)).toEqual({ waiting: 0, looked: 0, senders: [] })
})
