import { beforeEach, expect, test } from '@jest/globals'
import type { Hold } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'
import { closeRedis, openRedis } from '@ott/runtime'

import { type ParkingKeeperOptions, startParkingKeeper } from './parking-keeper.ts'
import type { Holds } from './tend-sender.ts'
import { useParked } from './use-parked.ts'
import { logger, useQueues } from './use-queues.ts'

const given = useQueues(['line'])
const { open, park, queued } = useParked(given)

beforeEach(() => given.redis().flushdb())

const parkedHold: Hold = {
  kind: 'parked',
  reason: 'quota',
  message: 'LINE answered 429: You have reached your monthly limit.',
  since: 0,
  until: 10_000,
  waitMs: 60_000,
  strikes: 1,
  revision: 'r1',
}

/** Holds as the registry keeps them, in this process, of the account shop. */
function holdsOf(held: Record<string, Hold>): Holds & { readonly held: Record<string, Hold | undefined> } {
  const holds: Record<string, Hold | undefined> = { ...held }
  return {
    held: holds,
    find: async (_account, _network, sender) => holds[sender],
    letThrough: async (_account, _network, sender, { seen, probe, until }) => {
      const isSame = holds[sender] === seen
      if (isSame) holds[sender] = { ...seen, probe, until }
      return isSame
    },
    list: async () =>
      Object.entries(holds).flatMap(([sender, hold]) =>
        hold === undefined ? [] : [{ account: 'shop', sender, hold }],
      ),
    removeIfSame: async (_account, _network, sender) => void delete holds[sender],
  }
}

type KeeperChanges = Partial<ParkingKeeperOptions> & Pick<ParkingKeeperOptions, 'holds'>

/** A keeper that looks so often that nobody has to wait for it. */
function startKeeper(changes: KeeperChanges) {
  const keeper = startParkingKeeper('line', {
    redis: given.redis(),
    parked: open().parked,
    findRevision: async () => 'r1',
    releasePerSecond: 1000,
    everyMs: 20,
    now: () => 0,
    logger,
    ...changes,
  })
  given.afterTest(() => keeper.close())
  return keeper
}

/** Waits until a keeper has looked at all senders so many times, and more. */
function rounds(holds: Holds) {
  let finds = 0
  return {
    holds: {
      ...holds,
      find: (...place: Parameters<Holds['find']>) => {
        finds += 1
        return holds.find(...place)
      },
    },
    pass: async (wanted: number): Promise<void> => {
      const until = finds + wanted + 1
      await untilTrue(() => finds >= until)
    },
  }
}

test('a sender that is registered anew has its deliveries released, oldest first, while those of others wait', async () => {
  const ids = await park('1', 50)
  await park('2', 5)
  startKeeper({ holds: holdsOf({ '1': { ...parkedHold, revision: 'r0' }, '2': parkedHold }) })
  await untilTrue(async () => (await queued()).length >= 50)
  expect(await queued()).toEqual(ids)
  expect(await open().parked.counts()).toEqual({ senders: 1, deliveries: 5 })
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

test('in each round no more of a sender’s deliveries are released than its rate allows', async () => {
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
  await untilTrue(async () => (await queued()).length === 100)
  expect(released).toEqual([25, 25, 25, 25])
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
  const second = await openRedis(`${given.server.url}/0`, 'waiting', logger)
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

test('another process takes over from one that died', async () => {
  const dying = await openRedis(given.server.url, 'waiting', logger)
  const watched = rounds(holdsOf({ '1': parkedHold }))
  await park('1', 1)
  startKeeper({ holds: watched.holds, redis: dying, leaseMs: 300 })
  await watched.pass(1)
  dying.disconnect()
  expect(await given.redis().exists('ott:parked:line:keeper')).toBe(1)
  startKeeper({ holds: holdsOf({}), leaseMs: 300 })
  await untilTrue(async () => (await queued()).length === 1)
})

test('a keeper that is closed leaves its work to another at once', async () => {
  const watched = rounds(holdsOf({ '1': parkedHold }))
  await park('1', 1)
  const keeper = startKeeper({ holds: watched.holds, leaseMs: 60_000 })
  await watched.pass(1)
  await keeper.close()
  startKeeper({ holds: holdsOf({}), leaseMs: 60_000 })
  await untilTrue(async () => (await queued()).length === 1)
})

test('what is wrong with one sender does not keep another’s deliveries', async () => {
  await park('broken', 1)
  const [id] = await park('1', 1)
  startKeeper({
    holds: holdsOf({}),
    findRevision: async (_account, sender) =>
      sender === 'broken' ? Promise.reject(new Error('its secrets cannot be opened')) : 'r1',
  })
  await untilTrue(async () => (await queued()).length === 1)
  expect(await queued()).toEqual([id])
})

test('holds that are over are forgotten in time, those in force are not', async () => {
  const holds = holdsOf({
    throttled: { ...parkedHold, kind: 'throttled', until: -120_000 },
    recent: { ...parkedHold, kind: 'throttled', until: -119_999 },
    replaced: { ...parkedHold, revision: 'r0' },
    parked: parkedHold,
  })
  startKeeper({ holds })
  await untilTrue(() => Object.keys(holds.held).length === 2)
  expect(Object.keys(holds.held)).toEqual(['recent', 'parked'])
})

test('with Redis away a keeper waits, and goes on once it is back', async () => {
  const own = await openRedis(given.server.url, 'waiting', logger)
  given.afterTest(() => closeRedis(own))
  const holds = holdsOf({ '1': parkedHold })
  const watched = rounds(holds)
  await park('1', 3)
  startKeeper({ holds: watched.holds, redis: own })
  await watched.pass(1)
  own.disconnect(true)
  delete holds.held['1']
  await untilTrue(async () => (await queued()).length === 3)
})
