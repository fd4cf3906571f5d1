import { expect, test } from '@jest/globals'

import { append, countAttempts, type Entry, readLogAtPickUp, toEarlier, writeLog } from './attempts-log.ts'

const queuedAt = 1000

/** A job that is picked up for the nth time with this log. */
function job(pickUp: number, log: readonly Entry[] = [], progress: object | number = 0) {
  return { stacktrace: writeLog(log), progress, attemptsStarted: pickUp, timestamp: queuedAt }
}

const putOff: Entry = { outcome: 'deferred', at: 2000, pickUp: 1, reason: 'unavailable', message: 'LINE answered 503' }
const lost: Entry = { outcome: 'deferred', at: 3000, pickUp: 2, reason: 'no-answer', message: 'none', inDoubt: true }

test('a first attempt has nothing before it', () => {
  expect(toEarlier(readLogAtPickUp(job(1)), undefined)).toEqual({ inDoubt: false })
})

test('a definite answer leaves no doubt', () => {
  const log = readLogAtPickUp(job(2, [putOff]))
  expect(log).toEqual([putOff])
  expect(toEarlier(log, undefined)).toEqual({ inDoubt: false })
})

test('a lost answer leaves a doubt that later answers do not undo', () => {
  const log = [putOff, lost, { ...putOff, at: 4000, pickUp: 3 }]
  expect(toEarlier(log, { via: 'reply', pickUp: 3 })).toEqual({
    recorded: 'reply',
    inDoubt: true,
    doubtfulSince: 3000,
  })
})

test('a pick-up that nothing came back from is an interrupted attempt, from when the one before it began', () => {
  const log = readLogAtPickUp(job(3, [putOff]))
  expect(log.at(-1)).toEqual({ outcome: 'interrupted', at: 2000, pickUp: 2, inDoubt: false })
  expect(toEarlier(log, undefined)).toEqual({ inDoubt: false, doubtfulSince: 2000 })
})

test('a first pick-up that nothing came back from began when the delivery was queued, at the earliest', () => {
  expect(readLogAtPickUp(job(2)).at(-1)).toMatchObject({ outcome: 'interrupted', at: queuedAt })
})

test('a worker lost after it put a call on record leaves the call in doubt', () => {
  const progress = { via: 'reply', pickUp: 2 }
  const log = readLogAtPickUp(job(3, [putOff], progress))
  expect(toEarlier(log, progress)).toMatchObject({ recorded: 'reply', inDoubt: true })
})

test('a call on record of an attempt that came to an end is not in doubt because a later worker was lost', () => {
  const progress = { via: 'reply', pickUp: 1 }
  const log = readLogAtPickUp(job(3, [putOff], progress))
  expect(toEarlier(log, progress)).toMatchObject({ recorded: 'reply', inDoubt: false })
})

test('neither a worker’s death nor a wait for the sender uses up an attempt', () => {
  const held: Entry = { outcome: 'held', at: 3000, pickUp: 2, reason: 'credentials', message: 'no' }
  expect(countAttempts([putOff, held, { outcome: 'interrupted', at: 1, pickUp: 3 }])).toBe(1)
})

test('a redriven delivery has all its attempts before it again, and keeps its doubts', () => {
  const log: Entry[] = [putOff, lost, { outcome: 'redriven', at: 9000 }]
  expect(countAttempts(log)).toBe(0)
  expect(toEarlier(log, undefined)).toEqual({ inDoubt: true, doubtfulSince: 3000 })
})

test('a delivery that waits for the same reason again and again has one entry, from when it began to', () => {
  const held: Entry = { outcome: 'held', at: 3000, pickUp: 1, reason: 'credentials', message: 'no', parked: true }
  const log = append([held], { ...held, at: 4000, pickUp: 2 })
  expect(log).toEqual([{ ...held, at: 3000, pickUp: 2 }])
  expect(readLogAtPickUp(job(3, log))).toHaveLength(1)
})

test('of very many attempts the last ones are kept, and each that left a doubt', () => {
  const many = Array.from({ length: 200 }, (_, index): Entry => ({ ...putOff, pickUp: index + 2 }))
  const log = many.reduce<readonly Entry[]>(append, [{ ...lost, pickUp: 1 }])
  expect(log).toHaveLength(51)
  expect(log[0]).toMatchObject({ inDoubt: true })
  expect(log.at(-1)?.pickUp).toBe(201)
})
