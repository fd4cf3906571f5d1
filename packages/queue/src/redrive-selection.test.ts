import { expect, test } from '@jest/globals'
import { refused } from '@ott/delivery'
import { Queue } from 'bullmq'

import { aDelivery } from './a-delivery.ts'
import { prefix } from './connection.ts'
import type { FailedSelection } from './redrive-selection.ts'
import { useFailures } from './use-failures.ts'

const given = useFailures()

test('failed deliveries are found by network, account, sender and reason, and by all of them together', async () => {
  await given.fail([aDelivery(), aDelivery({ sender: '2' })], refused('sender', 'LINE answered 401'))
  await given.fail([aDelivery({ account: 'other' })], refused('permission', 'LINE answered 403'))
  await given.fail([aDelivery({ network: 'messenger', sender: '2' })], refused('window', 'Messenger error 2018278'))
  const cases: [FailedSelection, object][] = [
    [{}, { sender: 2, permission: 1, window: 1 }],
    [{ network: 'messenger' }, { window: 1 }],
    [{ account: 'other' }, { permission: 1 }],
    [{ sender: '2' }, { sender: 1, window: 1 }],
    [{ reasons: ['permission', 'window'] }, { permission: 1, window: 1 }],
    [{ network: 'line', account: 'shop', sender: '2', reasons: ['sender'] }, { sender: 1 }],
    [{ network: 'line', reasons: ['window'] }, {}],
  ]
  for (const [selection, byReason] of cases)
    expect(await given.failed().count(selection)).toMatchObject({ byReason, skipped: {}, next: undefined })
})

test('failed deliveries are found by when they failed, both ends included', async () => {
  const [early, late] = [aDelivery(), aDelivery()]
  await given.fail([early])
  await given.fail([late], refused('content', 'LINE answered 400'))
  const failedOn = async (id: string) => (await given.lineQueue().getJob(id))?.finishedOn ?? 0
  const [first, second] = [await failedOn(early.id), await failedOn(late.id)]
  const byReason = async (selection: FailedSelection) => (await given.failed().count(selection)).byReason
  expect(await byReason({ failedTo: first })).toEqual({ recipient: 1 })
  expect(await byReason({ failedFrom: second })).toEqual({ content: 1 })
  expect(await byReason({ failedFrom: first, failedTo: second })).toEqual({ recipient: 1, content: 1 })
  expect(await byReason({ failedFrom: second + 1 })).toEqual({})
  expect(await given.failed().size({ failedTo: first })).toBe(1)
})

test('a delivery whose validity is over is not redriven, whatever it failed for', async () => {
  await given.fail([aDelivery()], refused('expired', 'its validity ended'))
  await given.fail([aDelivery({ expiresAt: Date.now() - 1 })], refused('sender', 'LINE answered 401'))
  await given.fail([aDelivery({ expiresAt: Date.now() + 60_000 })], refused('window', 'too late'))
  expect(await given.failed().redrive({})).toMatchObject({ byReason: { window: 1 }, skipped: { expired: 2 } })
})

test('what may have reached a person is redriven only when that is asked for by name', async () => {
  await given.fail([aDelivery()], refused('ambiguous', 'nothing tells whether it was sent'))
  const selection: FailedSelection = { reasons: ['ambiguous'] }
  expect(await given.failed().redrive(selection)).toMatchObject({ redriven: 0, skipped: { ambiguous: 1 } })
  expect(await given.failed().redrive({ ...selection, includeAmbiguous: true })).toMatchObject({ redriven: 1 })
})

test('what failed after an attempt that was left without a clear answer is redriven only when that is asked for', async () => {
  await given.fail([aDelivery()], { ...refused('window', 'too late'), inDoubt: true })
  expect(await given.failed().redrive({})).toMatchObject({ redriven: 0, skipped: { ambiguous: 1 } })
  expect(await given.failed().redrive({ includeAmbiguous: true })).toMatchObject({ byReason: { window: 1 } })
})

test('a job that cannot be read is told, and left as it is; it belongs to no account', async () => {
  const queue = new Queue('line', { connection: given.redis(), prefix })
  given.afterTest(() => queue.close())
  await given.fail([aDelivery()])
  await queue.add('deliver', { letter: 'hello' }, { jobId: 'letter' })
  await given.work(refused('content', 'never'), async () => (await queue.getFailedCount()) === 2)
  expect(await given.failed().redrive({ account: 'shop' })).toMatchObject({ redriven: 1, skipped: {} })
  expect(await given.failed().redrive({})).toMatchObject({ redriven: 0, skipped: { unreadable: 1 } })
  expect(await queue.getJobState('letter')).toBe('failed')
})
