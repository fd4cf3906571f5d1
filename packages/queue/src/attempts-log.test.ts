import { expect, test } from '@jest/globals'
import { accepted } from '@ott/delivery'

import {
  append,
  countAttempts,
  type Entry,
  isStale,
  readLog,
  readLogAtPickUp,
  toEarlier,
  toReturned,
  writeLog,
} from './attempts-log.ts'

const queuedAt = 1000

/** A job that is picked up for the nth time with this log. */
function job(pickUp: number, log: readonly Entry[] = [], progress: object | number = 0) {
  return { stacktrace: writeLog(log), returnvalue: undefined, progress, attemptsStarted: pickUp, timestamp: queuedAt }
}

const putOff: Entry = { outcome: 'deferred', at: 2000, pickUp: 1, reason: 'unavailable', message: 'LINE answered 503' }
const lost: Entry = { outcome: 'deferred', at: 3000, pickUp: 2, reason: 'no-answer', message: 'none', inDoubt: true }

test('a first attempt has nothing before it', () => {
  expect(toEarlier(readLogAtPickUp(job(1)), {})).toEqual({ inDoubt: false })
})

test('a definite answer leaves no doubt', () => {
  const log = readLogAtPickUp(job(2, [putOff]))
  expect(log).toEqual([putOff])
  expect(toEarlier(log, {})).toEqual({ inDoubt: false })
})

test('a lost answer leaves a doubt that later answers do not undo', () => {
  const log = [putOff, lost, { ...putOff, at: 4000, pickUp: 3 }]
  expect(toEarlier(log, { call: { via: 'reply', pickUp: 3 } })).toEqual({
    recorded: 'reply',
    inDoubt: true,
    doubtfulSince: 3000,
  })
})

test('a pick-up that nothing came back from is an interrupted attempt, from when the one before it began', () => {
  const log = readLogAtPickUp(job(3, [putOff]))
  expect(log.at(-1)).toEqual({ outcome: 'interrupted', at: 2000, pickUp: 2, inDoubt: false })
  expect(toEarlier(log, {})).toEqual({ inDoubt: false, doubtfulSince: 2000 })
})

test('a first pick-up that nothing came back from began when the delivery was queued, at the earliest', () => {
  expect(readLogAtPickUp(job(2)).at(-1)).toMatchObject({ outcome: 'interrupted', at: queuedAt })
})

test('a worker lost after it put a call on record leaves the call in doubt', () => {
  const progress = { call: { via: 'reply', pickUp: 2 } }
  const log = readLogAtPickUp(job(3, [putOff], progress))
  expect(toEarlier(log, progress)).toMatchObject({ recorded: 'reply', inDoubt: true })
})

test('a call on record of an attempt that came to an end is not in doubt because a later worker was lost', () => {
  const progress = { call: { via: 'reply', pickUp: 1 } }
  const log = readLogAtPickUp(job(3, [putOff], progress))
  expect(toEarlier(log, progress)).toMatchObject({ recorded: 'reply', inDoubt: false })
})

test('neither a worker’s death nor the sender’s trouble uses up an attempt', () => {
  const held: Entry = { outcome: 'held', at: 3000, pickUp: 2, reason: 'credentials', message: 'no' }
  expect(countAttempts([putOff, held, { outcome: 'interrupted', at: 1, pickUp: 3 }])).toBe(1)
  const throttled: Entry = { ...putOff, reason: 'throttled' }
  expect(countAttempts([putOff, throttled, throttled, { ...putOff, outcome: 'refused', reason: 'credentials' }])).toBe(
    1,
  )
})

test('what BullMQ writes of an error of its own says nothing of the attempt: a call on record is in doubt', () => {
  const progress = { call: { via: 'send', pickUp: 1 } }
  const stacktrace = ['ReplyError: NOREPLICAS Not enough good replicas to write.\n    at parseError']
  const log = readLogAtPickUp({ ...job(2, [], progress), stacktrace })
  expect(log.map(({ outcome }) => outcome)).toEqual(['interrupted', 'interrupted'])
  expect(toEarlier(log, progress)).toMatchObject({ recorded: 'send', inDoubt: true })
})

test('what a later version wrote is kept to the letter, and leaves a doubt', () => {
  const later = JSON.stringify({ outcome: 'accelerated', at: 5000, pickUp: 1, inDoubt: true })
  const log = readLog({ ...job(1), stacktrace: [later] })
  expect(toEarlier(log, {})).toMatchObject({ inDoubt: true })
  expect(writeLog(append(log, putOff))).toEqual([later, JSON.stringify(putOff)])
})

test('a worker that is lost with a delivery that had waited for days took it when the record says, not days ago', () => {
  const progress = { taken: { at: 9_000_000, pickUp: 1 } }
  expect(isStale([], job(1), queuedAt + 13 * 3_600_000)).toBe(true)
  expect(toEarlier(readLogAtPickUp(job(2, [], progress)), progress)).toEqual({
    inDoubt: false,
    doubtfulSince: 9_000_000,
  })
})

test('a delivery that was parked for days is known of since it was last looked at', () => {
  const held: Entry = { outcome: 'held', at: 3000, pickUp: 1, reason: 'credentials', message: 'no', parked: true }
  const log = append([held], { ...held, at: 4_000_000, pickUp: 2 })
  expect(readLogAtPickUp(job(4, log)).at(-1)).toMatchObject({ outcome: 'interrupted', at: 4_000_000 })
})

test('an interruption that is noticed when the delivery is accepted goes with its receipt', () => {
  const taken = job(2, [])
  const returned = toReturned(accepted('push', ['1']), readLogAtPickUp(taken), taken)
  expect(readLog({ ...taken, returnvalue: returned })).toMatchObject([{ outcome: 'interrupted', pickUp: 1 }])
  expect(toReturned(accepted('push', ['1']), [], job(1))).not.toHaveProperty('unwritten')
})

test('a redriven delivery has all its attempts before it again, and keeps its doubts', () => {
  const log: Entry[] = [putOff, lost, { outcome: 'redriven', at: 9000 }]
  expect(countAttempts(log)).toBe(0)
  expect(toEarlier(log, {})).toEqual({ inDoubt: true, doubtfulSince: 3000 })
})

test('a delivery that waits for the same reason again and again has one entry, from when it began to', () => {
  const held: Entry = { outcome: 'held', at: 3000, pickUp: 1, reason: 'credentials', message: 'no', parked: true }
  const log = append([held], { ...held, at: 4000, pickUp: 2 })
  expect(log).toEqual([{ ...held, at: 3000, lastAt: 4000, pickUp: 2 }])
  expect(readLogAtPickUp(job(3, log))).toHaveLength(1)
})

test('of very many attempts the last ones are kept, and what the doubts and the schedule began with', () => {
  const many = Array.from({ length: 200 }, (_, index): Entry => ({ ...lost, pickUp: index + 3 }))
  const begun: Entry[] = [
    { ...lost, pickUp: 1 },
    { outcome: 'redriven', at: 9000 },
  ]
  const log = many.reduce<readonly Entry[]>(append, begun)
  expect(log).toHaveLength(52)
  expect(log.slice(0, 2)).toEqual(begun)
  expect(log.at(-1)?.pickUp).toBe(202)
})
