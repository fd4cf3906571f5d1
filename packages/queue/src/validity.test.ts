import { expect, test } from '@jest/globals'
import { deferred, type Delivery } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'

import { aDelivery } from './a-delivery.ts'
import type { Attempt } from './attempt.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { sent, usual } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])
const unavailable = deferred('unavailable', 'LINE answered 503')

/** Queues the delivery, and resolves with its last event once it has ended. */
async function ended(delivery: Delivery, attempt: Attempt, giveUpHours = usual.giveUpHours) {
  const worker = startDeliveryWorker('line', attempt, { ...usual, redis: given.redis(), giveUpHours })
  given.afterTest(() => worker.close())
  await given.queues().add(delivery)
  await untilTrue(async () => ['sent', 'failed'].includes((await given.lastEvent(delivery.id))?.event ?? ''))
  return given.lastEvent(delivery.id)
}

test('a delivery whose validity ended while it waited is not attempted, and says when it ended', async () => {
  let attempts = 0
  const last = await ended(aDelivery({ expiresAt: 1_795_000_000_000 }), async () => {
    attempts += 1
    return sent
  })
  expect(attempts).toBe(0)
  expect(last).toMatchObject({
    event: 'failed',
    reason: 'expired',
    message: 'its validity ended 2026-11-18T11:06:40.000Z',
    attempts: 0,
  })
})

test('a delivery that is put off is tried until its validity ends, and then it has expired, saying why it was put off', async () => {
  const expiresAt = Date.now() + 4000
  const times: number[] = []
  const last = await ended(aDelivery({ expiresAt }), async () => {
    times.push(Date.now())
    return unavailable
  })
  expect(times.length).toBeGreaterThanOrEqual(2)
  expect(Math.max(...times)).toBeLessThan(expiresAt)
  expect(last).toMatchObject({ reason: 'expired', message: expect.stringContaining('unavailable: LINE answered 503') })
  expect(last?.at).toBeGreaterThanOrEqual(expiresAt)
})

test('a delivery is not held for a network’s word beyond its validity', async () => {
  const expiresAt = Date.now() + 2000
  const late = deferred('unavailable', 'LINE answered 503', { retryAfterMs: 3_600_000 })
  expect(await ended(aDelivery({ expiresAt }), async () => late)).toMatchObject({ reason: 'expired', attempts: 1 })
})

test('an attempt is told when the delivery’s validity ends', async () => {
  const expiresAt = Date.now() + 60_000
  const told: unknown[] = []
  await ended(aDelivery({ expiresAt }), async (_delivery, { notAfter }) => {
    told.push(notAfter)
    return sent
  })
  expect(told).toEqual([expiresAt])
})

test('an expiry tells when the network may have taken the delivery all the same', async () => {
  const lost = deferred('no-answer', 'api.line.me gave no answer', { inDoubt: true, retryAfterMs: 10_000 })
  expect(await ended(aDelivery({ expiresAt: Date.now() + 2000 }), async () => lost)).toMatchObject({
    reason: 'expired',
    message: expect.stringContaining('the network may have taken it'),
  })
})

test('a delivery without an end to its validity is given up at last, for the reason it was put off for', async () => {
  const again = deferred('unavailable', 'LINE answered 503', { retryAfterMs: 200 })
  const hours = 100 / 3_600_000
  expect(await ended(aDelivery(), async () => again, hours)).toMatchObject({
    event: 'failed',
    reason: 'unavailable',
    message: expect.stringContaining('is given up'),
  })
})
