import { beforeEach, expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { closeRedis, openRedis } from '@ott/runtime'

import { holdsOf, parkedHold, rounds, useKeepers } from './use-keepers.ts'
import { logger } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])
const { park, queued, startKeeper } = useKeepers(given)

beforeEach(() => given.redis().flushdb())

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
