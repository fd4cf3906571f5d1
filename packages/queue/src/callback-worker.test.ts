import { randomUUID } from 'node:crypto'

import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import type { TellEvent, Told } from './callback-worker.ts'
import { anEvent, useCallbacks } from './use-callbacks.ts'

const { given, openQueues, work } = useCallbacks()

const arrived: Told = { outcome: 'arrived', message: 'answered 204' }
const failed = { outcome: 'failed', message: 'answered 500' } as const satisfies Told

test('an event that is queued twice is told once, also when it was told before; a replay tells it once more', async () => {
  const [queues, id, told] = [openQueues(), randomUUID(), new Array<string>()]
  work(id, async (event) => {
    told.push(event.id)
    return arrived
  })
  await queues.add(id, [anEvent('e1'), anEvent('e1')])
  await untilTrue(async () => told.length > 0 && (await queues.waiting(id)) === 0)
  await queues.add(id, [anEvent('e1'), anEvent('e2')])
  await untilTrue(async () => told.includes('e2') && (await queues.waiting(id)) === 0)
  expect(told).toEqual(['e1', 'e2'])
  await queues.add(id, [anEvent('e1')], 'replay-1')
  await untilTrue(() => told.length === 3)
  expect(told.at(-1)).toBe('e1')
})

test('what does not arrive is told again until it does, under its id, and its attempts are counted', async () => {
  const [queues, id, attempts] = [openQueues(), randomUUID(), new Array<number>()]
  work(id, async (_event, { attempt, final }) => {
    attempts.push(attempt)
    expect(final).toBe(false)
    return attempts.length < 4 ? failed : arrived
  })
  await queues.add(id, [anEvent()])
  await untilTrue(async () => attempts.length === 4 && (await queues.waiting(id)) === 0)
  expect(attempts).toEqual([1, 2, 3, 4])
})

test('what never arrives is given up after the last attempt, is kept, and can be told again', async () => {
  const [queues, id, finals] = [openQueues(), randomUUID(), new Array<boolean>()]
  let answer: Told = failed
  work(id, async (_event, { final }) => {
    finals.push(final)
    return answer
  })
  await queues.add(id, [anEvent()])
  await untilTrue(async () => (await queues.failed(id)) === 1)
  expect(finals).toEqual(Array.from({ length: 10 }, (_, index) => index === 9))
  answer = arrived
  expect(await queues.retryFailed(id)).toBe(1)
  await untilTrue(async () => (await queues.failed(id)) === 0 && (await queues.waiting(id)) === 0)
})

test('an endpoint that hangs delays no other’s callbacks', async () => {
  const [queues, hanging, well] = [openQueues(), randomUUID(), randomUUID()]
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  let told = 0
  work(hanging, async () => {
    await released
    return arrived
  })
  work(well, async () => {
    told += 1
    return arrived
  })
  await queues.add(
    hanging,
    Array.from({ length: 50 }, () => anEvent()),
  )
  await queues.add(
    well,
    Array.from({ length: 50 }, () => anEvent()),
  )
  await untilTrue(() => told === 50)
  expect(await queues.waiting(hanging)).toBe(50)
  release()
  await untilTrue(async () => (await queues.waiting(hanging)) === 0)
})

test('an endpoint that fails is left alone, tried with one event at a time, and told all once it is well', async () => {
  const [queues, id] = [openQueues(), randomUUID()]
  const pauses: number[] = []
  let [underWay, most, tries] = [0, 0, 0]
  let answer: Told = failed
  const tell: TellEvent = async () => {
    underWay += 1
    if (pauses.length > 0) most = Math.max(most, underWay)
    await given.redis().ping()
    underWay -= 1
    tries += 1
    return answer
  }
  const pauseMs = (failures: number): number => {
    pauses.push(failures)
    if (failures === 3) answer = arrived
    return 50
  }
  work(id, tell, { pauseMs, concurrency: 5 })
  await queues.add(
    id,
    Array.from({ length: 100 }, () => anEvent()),
  )
  await untilTrue(async () => (await queues.waiting(id)) === 0)
  expect(pauses).toEqual([1, 2, 3])
  // Five were under way when the first failed.
  expect(tries).toBeLessThanOrEqual(100 + 5 + 2)
})

test('an endpoint’s own word on when to come back is kept', async () => {
  const [queues, id] = [openQueues(), randomUUID()]
  const asked: unknown[] = []
  let answer: Told = { ...failed, retryAfterMs: 1234 }
  const note = (word: number | undefined): number => {
    asked.push(word)
    answer = arrived
    return 10
  }
  const waits = {
    waitMs: (_made: number, word?: number) => note(word),
    pauseMs: (_: number, word?: number) => note(word),
  }
  work(id, async () => answer, waits)
  await queues.add(id, [anEvent()])
  await untilTrue(async () => (await queues.waiting(id)) === 0)
  expect(asked).toEqual([1234, 1234])
})

test('a test is told at once, before all that waits, and what the endpoint made of it comes back', async () => {
  const [queues, id] = [openQueues(), randomUUID()]
  expect(await queues.test(id, anEvent(), 300)).toBeUndefined()
  await queues.add(
    id,
    Array.from({ length: 20 }, () => anEvent()),
  )
  const told: string[] = []
  const tested = queues.test(id, { ...anEvent('t'), type: 'callback.test' }, 10_000)
  await untilTrue(async () => (await queues.waiting(id)) === 21)
  work(
    id,
    async (event) => {
      told.push(event.type)
      return event.type === 'callback.test' ? failed : arrived
    },
    { concurrency: 1 },
  )
  expect(await tested).toEqual({ arrived: false, message: 'answered 500' })
  expect(told[0]).toBe('callback.test')
})
