import { randomUUID } from 'node:crypto'

import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { aDelivery } from './a-delivery.ts'
import { openQueue, prefix } from './connection.ts'
import type { Attempt, AttemptContext } from './attempt.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { attemptedTwice, justQueued } from './jobs-of-form-1.ts'
import { queuedInForm2 } from './jobs-of-form-2.ts'
import { sent, usual } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])

/** The jobs are from a day in November 2026: however long ago that is by now, none of them is given up. */
const giveUpHours = 24 * 365 * 100

function work(attempt: Attempt) {
  const options = { ...usual, redis: given.redis(), handedBackMs: 300, giveUpHours }
  const worker = startDeliveryWorker('line', attempt, options)
  given.afterTest(() => worker.close())
  return worker
}

test('deliveries that an earlier version queued are delivered, and what it knew of their attempts is kept', async () => {
  const redis = given.redis()
  for (const { id, fields } of [attemptedTwice, justQueued]) await redis.hset(`${prefix}:line:${id}`, fields)
  await redis.zadd(`${prefix}:line:delayed`, (Date.now() - 1) * 0x1000, attemptedTwice.id)
  await redis.lpush(`${prefix}:line:wait`, justQueued.id)
  const contexts = new Map<string, AttemptContext>()
  work(async ({ id }, context) => {
    contexts.set(id, context)
    return sent
  })
  // BullMQ looks at what is due when something else comes along.
  await given.queues().add(aDelivery())
  for (const { id } of [attemptedTwice, justQueued])
    await untilTrue(async () => (await given.lastEvent(id))?.event === 'sent')
  expect(contexts.get(justQueued.id)).toMatchObject({ attempt: 1, notAfter: undefined, earlier: { inDoubt: false } })
  expect(contexts.get(attemptedTwice.id)).toMatchObject({
    attempt: 3,
    notAfter: undefined,
    earlier: { inDoubt: true, doubtfulSince: 1_795_459_133_854 },
  })
  expect((await given.history(attemptedTwice.id))?.attempts).toEqual([
    expect.objectContaining({ outcome: 'deferred', reason: 'no-answer' }),
    expect.objectContaining({ outcome: 'deferred', reason: 'unavailable', message: 'LINE answered 503' }),
    expect.objectContaining({ outcome: 'accepted' }),
  ])
})

test('what a version before the last queued is delivered whole, and found', async () => {
  const { id, fields } = queuedInForm2
  await given.redis().hset(`${prefix}:line:${id}`, fields)
  await given.redis().lpush(`${prefix}:line:wait`, id)
  const delivered: unknown[] = []
  work(async (delivery, { notAfter }) => {
    delivered.push({ ...delivery, notAfter })
    return sent
  })
  await given.queues().add(aDelivery())
  await untilTrue(async () => (await given.lastEvent(id))?.event === 'sent')
  const { delivery } = z.object({ delivery: z.looseObject({ expiresAt: z.number() }) }).parse(JSON.parse(fields.data))
  expect(delivered).toContainEqual({ ...delivery, id, notAfter: delivery.expiresAt })
  expect((await given.history(id))?.delivery).toEqual(delivery)
})

test('a job repeats neither its id nor that there are no extras, and its delivery is read whole', async () => {
  const delivery = aDelivery()
  const queue = openQueue('line', given.redis())
  given.afterTest(() => queue.close())
  await given.queues().add({ ...delivery, extras: {} })
  const job = await queue.getJob(delivery.id)
  expect(job?.data.delivery).not.toHaveProperty('id')
  expect(job?.data.delivery).not.toHaveProperty('extras')
  expect((await given.history(delivery.id))?.delivery).toEqual(delivery)
  const labelled = { ...aDelivery(), extras: { campaign: 'spring' } }
  await given.queues().add(labelled)
  expect((await given.history(labelled.id))?.delivery).toEqual(labelled)
})

test('what a later version queued is left waiting as it is, and the worker says that it must be updated', async () => {
  const queue = openQueue('line', given.redis())
  given.afterTest(() => queue.close())
  const id = randomUUID()
  const data = { v: 4, letter: { to: 'person-1' } }
  await given
    .redis()
    .hset(`${prefix}:line:${id}`, { name: 'deliver', data: JSON.stringify(data), opts: '{}', timestamp: 1 })
  await given.redis().lpush(`${prefix}:line:wait`, id)
  const worker = work(async () => sent)
  await given.queues().add(aDelivery())
  await untilTrue(async () => (await queue.getJobState(id)) === 'delayed')
  await expect(worker.check()).rejects.toThrow('does not read jobs of form 4: update this worker')
  const job = await queue.getJob(id)
  expect(job).toMatchObject({ data, attemptsMade: 0, stacktrace: [] })
  expect(job?.failedReason).toBeUndefined()
  await expect(given.queues().find('shop', id)).rejects.toThrow('update it')
  // For a worker that reads it, it will be as if nobody had picked it up.
  await untilTrue(async () => (await queue.getJob(id))?.attemptsStarted === 0)
})
