import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import { prefix } from './connection.ts'
import { TakenAhead } from './taken-ahead.ts'
import { useTakers } from './use-takers.ts'

const { given, kept, aTaker, aQueue, add, take, complete, stateOf } = useTakers()

/** A delivery that is back in the queue. */
const waiting = { state: 'delayed', pickUps: 0, attempts: 0 }

test('a worker that asks for one after the other has by one script what there is room for, each locked for itself', async () => {
  await add('1-a', '1-b', '1-c', '1-d')
  const [taker, redis] = [aTaker(kept, 100, 3), given.redis()]
  await take(taker, 'x')
  const before = await given.scriptsRun()
  expect(await take(taker, 'y')).toEqual(['1-b'])
  expect(await take(taker, 'z')).toEqual(['1-c'])
  expect(await given.scriptsRun()).toBe(before)
  const locks = ['1-a', '1-b', '1-c', '1-d'].map((id) => `${prefix}:line:${id}:lock`)
  expect(await redis.mget(locks)).toEqual(['x', 'x:2', 'x:3', null])
})

test('after each piece a worker is told once that there are no more, and so begins with what it has', async () => {
  await add('1-a')
  const taker = aTaker(kept, 100, 3)
  const before = await given.scriptsRun()
  await taker.moveToActive('x')
  const [, none] = await taker.moveToActive('y')
  expect([none, await given.scriptsRun()]).toEqual([undefined, before + 1])
  await add('1-b')
  expect(await take(taker, 'z')).toEqual(['1-b'])
})

test('what a worker has taken and does not come for goes back as if it had not been picked up', async () => {
  await add('1-a', '1-b', '1-c')
  const taker = aTaker(kept, 100, 3)
  await taker.moveToActive('x')
  await taker.close()
  expect([await stateOf('1-b'), await stateOf('1-c')]).toEqual([waiting, waiting])
  expect(await take(aTaker(), 'y', 'z')).toEqual(['1-b', '1-c'])
})

test('… within a moment, where the worker goes on', async () => {
  await add('1-a', '1-b')
  await aTaker(kept, 100, 2).moveToActive('x')
  const other = aTaker()
  await untilTrue(async () => (await take(other, 'y'))[0] === '1-b')
})

test('a completed delivery is followed by one that was taken before; where it cannot be completed, that one is not lost', async () => {
  await add('1-a', '1-b', '1-c')
  const taker = aTaker(kept, 100, 2)
  await taker.moveToActive('x')
  await expect(complete(taker, '1-c', 'of another', true)).rejects.toMatchObject({ code: -2 })
  expect(await complete(taker, '1-a', 'x', true)).toMatchObject({ result: [{ token: 'x:2' }, '1-b', 0, 0] })
})

test('in the place of what is put off one delivery is taken, however much room there is', async () => {
  await add('1-a')
  const vacated = new Set<string>()
  const taker = aTaker(kept, 100, 3, vacated)
  await taker.moveToActive('x')
  await add('1-b', '1-c')
  await taker.moveToDelayed('1-a', Date.now(), 60_000, 'x', { skipAttempt: true })
  vacated.add('x')
  await taker.moveToActive('x')
  expect(await aQueue().getJobCounts('active', 'prioritized')).toEqual({ active: 1, prioritized: 1 })
})

test('asked for at the same time, there are taken as many as there is room for, and one for each that asks', async () => {
  await add(...Array.from({ length: 60 }, (_, index) => `1-${index}`))
  const taker = aTaker(kept, 100, 20)
  await take(taker, 'v', 'w', 'x', 'y', 'z')
  expect(await given.redis().llen(`${prefix}:line:active`)).toBe(24)
})

test('a worker that waits for work is told at once of what was taken with the last', async () => {
  await add('1-a', '1-b')
  const taker = aTaker(kept, 100, 3)
  await taker.moveToActive('x')
  await given.redis().del(`${prefix}:line:marker`)
  const before = await given.scriptsRun()
  expect(await taker.waitForJob(5)).toMatchObject({ score: 0 })
  expect(await take(taker, 'y')).toEqual(['1-b'])
  expect(await given.scriptsRun()).toBe(before)
})

test('a worker that is woken asks anew, whatever it was told before', () => {
  const ahead = new TakenAhead<string>(async () => undefined)
  ahead.hold(['one'], 'none')
  expect([ahead.next(), ahead.next(), ahead.next()]).toEqual(['one', 'none', undefined])
  ahead.hold([], 'none')
  ahead.forget()
  expect(ahead.next()).toBeUndefined()
})

test('what is given back while the worker closes, it waits for', async () => {
  const { promise: givenBack, resolve: giveBack } = Promise.withResolvers<void>()
  const ahead = new TakenAhead<string>(() => givenBack)
  ahead.hold(['one'])
  let isClosed = false
  void ahead.giveBack()
  const closed = ahead.giveBack().then(() => (isClosed = true))
  await new Promise(setImmediate)
  expect(isClosed).toBe(false)
  giveBack()
  await closed
})

test('of the slow lane no more are taken one piece after the other than there is room for', async () => {
  await add('2-a', '2-b')
  const taker = aTaker(kept, 1)
  const first = taker.moveToActive('x')
  await new Promise(setImmediate)
  const [, second] = await taker.moveToActive('y')
  expect([(await first)[1], second]).toEqual(['2-a', undefined])
})
