import { beforeEach, expect, test } from '@jest/globals'
import { deferred, type Delivery, type Receipt, refused } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'

import { aDelivery } from './a-delivery.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { sent, usual } from './testing.ts'
import { pickUp } from './use-parked.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])

beforeEach(() => given.redis().flushdb())

/** Starts a worker that answers so, and returns what it tells of deliveries' ends, as it comes. */
function startTelling(answer: (delivery: Delivery) => Receipt, lockMs = usual.lockMs): readonly string[] {
  const told: string[] = []
  const ends = {
    sent: () => void told.push('sent'),
    failed: (reason: string) => void told.push(`failed: ${reason}`),
    broughtAgain: (reason: string) => void told.push(`brought again: ${reason}`),
    stalled: () => void told.push('stalled'),
  }
  const worker = startDeliveryWorker('line', async (delivery) => answer(delivery), {
    ...usual,
    redis: given.redis(),
    ends,
    lockMs,
  })
  given.afterTest(() => worker.close())
  return told
}

test('of each delivery it is told once what became of it, with the reason', async () => {
  const answers = new Map<string, Receipt>([
    ['a', sent],
    ['b', refused('recipient', 'LINE answered 400: no such user')],
    ['c', deferred('unavailable', 'LINE answered 503', { retryAfterMs: 60_000 })],
  ])
  const told = startTelling(({ sender }) => answers.get(sender) ?? sent)
  for (const sender of answers.keys()) await given.queues().add(aDelivery({ sender }))
  await untilTrue(() => told.length === 3)
  expect(told.toSorted()).toEqual(['brought again: unavailable', 'failed: recipient', 'sent'])
})

test('a delivery whose validity ended while it waited is told to have failed, though none was attempted', async () => {
  const told = startTelling(() => sent)
  await given.queues().add(aDelivery({ expiresAt: Date.now() - 1000 }))
  await untilTrue(() => told.length === 1)
  expect(told).toEqual(['failed: expired'])
})

test('a delivery that a lost worker had is told to have stalled, and is sent', async () => {
  const delivery = aDelivery()
  await given.queues().add(delivery)
  await pickUp(given.redis(), given.afterTest)
  await given.redis().del(`ott:line:${delivery.id}:lock`)
  const told = startTelling(() => sent, 1000)
  await untilTrue(() => told.length === 2)
  expect(told).toEqual(['stalled', 'sent'])
})
