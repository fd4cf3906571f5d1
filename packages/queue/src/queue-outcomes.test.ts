import { expect, test } from '@jest/globals'
import { refused } from '@ott/delivery'

import { aDelivery } from './a-delivery.ts'
import { type Span, readOutcomes } from './queue-outcomes.ts'
import { sent } from './testing.ts'
import { useFailures } from './use-failures.ts'

const given = useFailures()
const outcomes = (span: Span) => readOutcomes([given.lineQueue(), given.messengerQueue()], given.redis(), span)
const failures = async (span: Span) => [...(await outcomes(span)).failed.values()]
const always: Span = { after: 0, until: Number.MAX_SAFE_INTEGER }

const some = (count: number) => Array.from({ length: count }, () => aDelivery())

test('deliveries that came to their end are counted, failures by reason, and those that wait are not', async () => {
  await given.fail(some(3), refused('recipient', 'LINE answered 400'))
  await given.fail(some(1), refused('content', 'LINE answered 400'))
  await given.fail([aDelivery({ network: 'messenger' })], refused('content', 'Messenger answered 400'))
  await given.queues().add(aDelivery())
  await given.work(sent, async () => (await given.lineQueue().getCompletedCount()) === 1)
  await given.queues().add(aDelivery())
  expect(await outcomes(always)).toEqual({
    sent: 1,
    failed: new Map([
      ['recipient', 3],
      ['content', 2],
    ]),
  })
})

test('each delivery is counted in one span alone of those that follow each other', async () => {
  await given.fail(some(1))
  const [, endedAt] = await given.redis().zrange(given.lineQueue().toKey('failed'), 0, '-1', 'WITHSCORES')
  const at = Number(endedAt)
  expect(await failures({ after: at - 2, until: at - 1 })).toEqual([])
  expect(await failures({ after: at - 1, until: at })).toEqual([1])
  expect(await failures({ after: at, until: at + 1 })).toEqual([])
})

test('where very many failed, none is missing from the count', async () => {
  await given.fail(some(150), refused('recipient', 'LINE answered 400'))
  await given.fail(some(150), refused('window', 'outside of the window'))
  const { failed } = await outcomes(always)
  expect([...failed.values()].reduce((sum, count) => sum + count, 0)).toBeCloseTo(300)
  // The last two hundred stand for all.
  expect(failed.get('window')).toBeCloseTo(225)
})

test('what was redriven has no outcome any longer', async () => {
  await given.fail(some(2))
  await given.failed().redrive({})
  expect(await outcomes(always)).toEqual({ sent: 0, failed: new Map() })
})
