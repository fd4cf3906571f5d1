import { expect, test } from '@jest/globals'
import { Queue, Worker } from 'bullmq'

import { aDelivery } from './a-delivery.ts'
import { prefix } from './connection.ts'
import { backendFor } from './delivery-backend.ts'
import { toJob } from './job.ts'
import { useTakers } from './use-takers.ts'

const { given, kept, toTaking, aTaker, aQueue, add, take, complete, failAndTake, stateOf } = useTakers()

test('deliveries that are queued together are taken by lane, and within a lane in the order they came in', async () => {
  await add('2-slow', '1-a', '0-reply', '1-b', '0-later')
  await add('1-c')
  const taken = await take(aTaker(), 'a', 'b', 'c', 'd', 'e', 'f', 'g')
  expect(taken).toEqual(['0-reply', '0-later', '1-a', '1-b', '1-c', '2-slow', undefined])
})

test('no more of the slow lane are taken than there is room for, while the others are', async () => {
  await add('2-slow', '2-slower', '1-a', '0-reply', '2-slowest', '1-b')
  const taken = await take(aTaker(kept, 1), 'a', 'b', 'c', 'd', 'e', 'f')
  expect(taken).toEqual(['0-reply', '1-a', '1-b', '2-slow', undefined, undefined])
})

test('a delivery that is queued again stays as it is, with those that are queued beside it', async () => {
  await add('1-a')
  await take(aTaker(), 'mine')
  await add('1-a', '1-b')
  expect(await aQueue().getJobCounts('active', 'prioritized', 'wait')).toEqual({ active: 1, prioritized: 1, wait: 0 })
})

test('of jobs completed together, one that another worker holds or that is gone is told so; the others are done', async () => {
  await add('1-mine', '1-another', '1-lost', '1-inactive', '1-next')
  const [taker, redis] = [aTaker(), given.redis()]
  await take(taker, 'a', 'b', 'c', 'd')
  await redis.set(`${prefix}:line:1-another:lock`, 'of another')
  await redis.del(`${prefix}:line:1-lost:lock`)
  await redis.lrem(`${prefix}:line:active`, 1, '1-inactive')
  const endings = [complete(taker, '1-mine', 'a', true), complete(taker, '1-another', 'b', true)]
  endings.push(complete(taker, '1-lost', 'c'), complete(taker, '1-inactive', 'd'))
  const [mine, ...others] = await Promise.allSettled(endings)
  expect(mine).toMatchObject({ status: 'fulfilled', value: { result: [{ attemptsStarted: 1 }, '1-next', 0, 0] } })
  expect(others).toMatchObject([{ reason: { code: -6 } }, { reason: { code: -2 } }, { reason: { code: -3 } }])
  expect(await aQueue().getJob('1-mine')).toMatchObject({ attemptsMade: 1, returnvalue: { outcome: 'accepted' } })
  expect(await redis.get(`${prefix}:line:1-another:lock`)).toBe('of another')
})

test('finished deliveries are kept in the number that was set, the newest', async () => {
  const taker = aTaker({ ...kept, count: 2 })
  const ids = ['1-a', '1-b', '1-c', '1-d']
  await add(...ids)
  for (const token of ids) await take(taker, token)
  for (const id of ids) await complete(taker, id, id)
  expect((await aQueue().getCompleted()).map(({ id }) => id)).toEqual(['1-d', '1-c'])
  expect(await given.redis().exists(`${prefix}:line:1-a`, `${prefix}:line:1-b`)).toBe(0)
})

test('a queue that is paused, or has as many in hand as it may, gives none', async () => {
  const [taker, queue] = [aTaker(), aQueue()]
  await add('1-a', '1-b')
  await queue.pause()
  expect(await take(taker, 'a')).toEqual([undefined])
  await queue.resume()
  await queue.setGlobalConcurrency(1)
  expect(await take(taker, 'b', 'c')).toEqual(['1-a', undefined])
})

test('where nothing waits, it is told when the next delivery is due that was put off; then that is taken, in its lane', async () => {
  const [taker, queue] = [aTaker(), aQueue()]
  const at = Date.now()
  await queue.add('deliver', toJob(aDelivery()), { jobId: '2-later', priority: 2, delay: 60_000 })
  const [, none, , due] = await taker.moveToActive('a')
  expect(none).toBeUndefined()
  expect(due - at).toBeGreaterThan(59_000)
  await (await queue.getJob('2-later'))?.changeDelay(0)
  expect(await take(taker, 'a')).toEqual(['2-later'])
})

test('a delivery that is put off waits as if it had not been picked up, and in the order in which it was', async () => {
  const [taker, now] = [aTaker(), Date.now()]
  await add('1-a', '1-b', '1-c')
  await take(taker, 'a', 'b', 'c')
  const putOff = (id: string, waitMs: number) => taker.moveToDelayed(id, now, waitMs, id[2], { skipAttempt: true })
  await Promise.all([putOff('1-b', 0), putOff('1-a', 0), putOff('1-c', 60_000)])
  expect(await stateOf('1-c')).toEqual({ state: 'delayed', pickUps: 0, attempts: 0 })
  expect(await take(taker, 'd', 'e', 'f')).toEqual(['1-b', '1-a', undefined])
})

test('what cannot be put off, or has been and is put off once more, keeps its pick-up', async () => {
  const [taker, now] = [aTaker(), Date.now()]
  await add('1-inactive', '1-again')
  await take(taker, 'a', 'b')
  await given.redis().lrem(`${prefix}:line:active`, 1, '1-inactive')
  const putOff = (id: string, token: string) => taker.moveToDelayed(id, now, 0, token, { skipAttempt: true })
  await expect(putOff('1-inactive', 'a')).rejects.toMatchObject({ code: -3 })
  await putOff('1-again', 'b')
  await expect(putOff('1-again', 'b')).rejects.toMatchObject({ code: -2 })
  expect(await take(taker, 'c')).toEqual(['1-again'])
  await expect(putOff('1-again', 'b')).rejects.toMatchObject({ code: -6 })
  expect([await stateOf('1-inactive'), await stateOf('1-again')]).toMatchObject([{ pickUps: 1 }, { pickUps: 1 }])
})

test('after a failed attempt a delivery waits with what is written of it, and none of a full slow lane is taken for it', async () => {
  const [taker, now] = [aTaker(kept, 0), Date.now()]
  await add('1-a', '2-slow')
  await take(taker, 'a')
  const fieldsToUpdate = { failedReason: 'throttled: later', stacktrace: '["[]"]', tm: undefined }
  const next = await taker.moveToDelayed('1-a', now, 60_000, 'a', { fieldsToUpdate, fetchNext: true })
  expect(next?.[1]).toBeUndefined()
  expect(await stateOf('1-a')).toEqual({ state: 'delayed', pickUps: 1, attempts: 1 })
  expect(await aQueue().getJob('1-a')).toMatchObject({
    failedReason: 'throttled: later',
    stacktrace: ['[]'],
  })
})

test('… nor in place of one that has failed for good', async () => {
  await add('1-a', '1-b', '2-slow')
  const taker = aTaker(kept, 0)
  await take(taker, 'a')
  expect(await failAndTake(taker, '1-a', 'a')).toBe('1-b')
  expect(await failAndTake(taker, '1-b', 'a')).toBeUndefined()
  expect((await stateOf('1-a')).state).toBe('failed')
})

test('whatever characters a network answers with, a delivery waits with them, and those that end beside it end', async () => {
  await add('1-a', '1-b', '1-c')
  const taker = aTaker()
  await take(taker, 'a', 'b', 'c')
  const fieldsToUpdate = { failedReason: 'half a character: \ud83d', stacktrace: '["[]"]' }
  const waits = taker.moveToDelayed('1-b', Date.now(), 60_000, 'b', { fieldsToUpdate })
  await Promise.all([complete(taker, '1-a', 'a'), waits, complete(taker, '1-c', 'c')])
  const states = await Promise.all(['1-a', '1-b', '1-c'].map(stateOf))
  expect(states.map(({ state }) => state)).toEqual(['completed', 'delayed', 'completed'])
  expect(await aQueue().getJob('1-b')).toMatchObject({ failedReason: 'half a character: \ufffd' })
})

test('a worker that waits for work is woken when what was put off is due', async () => {
  const taker = aTaker()
  await add('1-a')
  await take(taker, 'a')
  const { promise: worked, resolve } = Promise.withResolvers<string | undefined>()
  const options = { connection: given.redis(), prefix }
  const worker = new Worker('line', async ({ id }) => resolve(id), options, backendFor(toTaking()))
  given.afterTest(() => worker.close())
  await worker.waitUntilReady()
  await taker.moveToDelayed('1-a', Date.now(), 50, 'a', { skipAttempt: true })
  expect(await worked).toBe('1-a')
})

test('BullMQ’s own worker delivers what was queued, and what BullMQ’s own queue has is taken', async () => {
  const connection = given.redis()
  const { promise: worked, resolve } = Promise.withResolvers<string | undefined>()
  await add('1-ours')
  const worker = new Worker('line', async ({ id }) => resolve(id), { connection, prefix })
  expect(await worked).toBe('1-ours')
  await worker.close()
  const queue = new Queue('line', { connection, prefix })
  given.afterTest(() => queue.close())
  await queue.add('deliver', toJob(aDelivery()), { jobId: 'theirs' })
  expect(await take(aTaker(), 'a')).toEqual(['theirs'])
})

test('when Redis refuses, nothing of what was queued together is, and each caller is told', async () => {
  await given.redis().config('SET', 'maxmemory', '1')
  given.afterTest(() => given.redis().config('SET', 'maxmemory', '0'))
  const backend = aQueue().getBackend()
  const added = ['1-a', '1-b'].map((id) => backend.addDelivery({ id, data: '{}', priority: 1 }))
  const message = expect.stringContaining('OOM')
  expect(await Promise.allSettled(added)).toMatchObject([{ reason: { message } }, { reason: { message } }])
  expect(await given.redis().keys(`${prefix}:line:1-*`)).toEqual([])
})
