import { beforeEach, expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { closeRedis, openRedis } from '@ott/runtime'

import { holdsOf, parkedHold, rounds, useKeepers } from './use-keepers.ts'
import { logger } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])
const { open, park, queued, startKeeper } = useKeepers(given)

beforeEach(() => given.redis().flushdb())

test('a sender that is registered anew has its deliveries released, oldest first, while those of others wait', async () => {
  const ids = await park('1', 50)
  await park('2', 5)
  startKeeper({ holds: holdsOf({ '1': { ...parkedHold, revision: 'r0' }, '2': parkedHold }) })
  await untilTrue(async () => (await queued()).length >= 50)
  expect(await queued()).toEqual(ids)
  expect(await open().parked.count('shop', '2')).toBe(5)
})

test('a sender that is resumed, removed or deactivated has its deliveries released', async () => {
  await park('resumed', 3)
  await park('removed', 3)
  startKeeper({
    holds: holdsOf({ removed: parkedHold }),
    findRevision: async (_account, sender) => (sender === 'removed' ? undefined : 'r1'),
  })
  await untilTrue(async () => (await queued()).length === 6)
})

test('a release begins with one delivery, and grows to what the sender’s rate allows in each round', async () => {
  await park('1', 100)
  const released: number[] = []
  const { parked } = open()
  const release = parked.release.bind(parked)
  parked.release = async (account, sender, limit) => {
    const count = await release(account, sender, limit)
    released.push(count)
    return count
  }
  startKeeper({ holds: holdsOf({}), parked, releasePerSecond: 500, everyMs: 50 })
  await untilTrue(() => released.length >= 8)
  expect(released.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 25, 25, 19])
})

test('a throttled sender’s parked deliveries wait until it may send', async () => {
  await park('1', 1)
  const watched = rounds(holdsOf({ '1': { ...parkedHold, kind: 'throttled' } }))
  startKeeper({ holds: watched.holds })
  await watched.pass(2)
  expect(await queued()).toEqual([])
})

test('of a parked sender one delivery, the oldest, is let through when its time has come, though two keepers run', async () => {
  const ids = await park('1', 5)
  const holds = holdsOf({ '1': parkedHold })
  // As after a pause of the process that had the lease: both believe that they have it.
  const [one, other] = [rounds(holds), rounds(holds)]
  let now = 9999
  startKeeper({ holds: one.holds, now: () => now })
  await one.pass(2)
  expect(await queued()).toEqual([])
  now = 10_000
  const second = await openRedis(given.server.url, 'waiting', logger)
  given.afterTest(() => closeRedis(second))
  await given.redis().del('ott:parked:line:keeper')
  startKeeper({ holds: other.holds, now: () => now, redis: second })
  await other.pass(3)
  expect(await queued()).toEqual(ids.slice(0, 1))
  expect(holds.held['1']).toEqual({ ...parkedHold, probe: ids[0], until: 70_000 })
})

test('the next probe comes an interval later, even if the one before vanished', async () => {
  const ids = await park('1', 3)
  let now = 10_000
  const watched = rounds(holdsOf({ '1': parkedHold }))
  startKeeper({ holds: watched.holds, now: () => now })
  await watched.pass(2)
  now = 69_999
  await watched.pass(2)
  expect(await queued()).toEqual(ids.slice(0, 1))
  now = 70_000
  await watched.pass(2)
  expect(await queued()).toEqual(ids.slice(0, 2))
})

test('a probe that was parked again by a worker that had not heard of it is let through again', async () => {
  const [probe] = await park('1', 3)
  const watched = rounds(holdsOf({ '1': { ...parkedHold, probe: String(probe) } }))
  startKeeper({ holds: watched.holds })
  await watched.pass(2)
  expect(await queued()).toEqual([probe])
})
