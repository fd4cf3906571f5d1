import { expect, test } from '@jest/globals'
import { accepted, deferred, type Receipt, refused, RefusalReason } from '@ott/delivery'

import { attemptsMax } from './backoff.ts'
import { type Circumstances, settle } from './settle.ts'

/** What a receipt comes to at a first attempt, unless told otherwise. */
function settled(receipt: Receipt, changes: Partial<Circumstances> = {}): string {
  return settle(receipt, { attempts: 1, now: 0, stopping: false, ...changes }).to
}

test('what is accepted is sent, even by a worker that stops', () => {
  expect(settled(accepted('push', []), { stopping: true })).toBe('sent')
})

test.each(RefusalReason.options)('a refusal for %s fails, unless it is the sender’s credentials', (reason) => {
  expect(settled(refused(reason, ''))).toBe(reason === 'credentials' ? 'parked' : 'failed')
})

test.each([
  ['throttled', 'throttled'],
  ['quota', 'parked'],
  ['paused', 'parked'],
  ['no-answer', 'again'],
  ['unavailable', 'again'],
  ['conversation', 'again'],
  ['fault', 'again'],
] as const)('what is put off for %s is %s', (reason, to) => {
  expect(settled(deferred(reason, ''))).toBe(to)
})

test('after the last attempt of its schedule a delivery has failed, but not while its validity lasts', () => {
  expect(settled(deferred('unavailable', ''), { attempts: attemptsMax })).toBe('failed')
  expect(settled(deferred('unavailable', ''), { attempts: attemptsMax, expiresAt: 3_600_000 })).toBe('again')
})

test('what a stopping worker breaks off is handed back, however many attempts came before', () => {
  expect(settled(deferred('no-answer', ''), { stopping: true, attempts: attemptsMax })).toBe('handed-back')
})
