import { expect, test } from '@jest/globals'
import { deferred, type Hold } from '@ott/delivery'

import { nextPark, nextThrottle } from './next-hold.ts'

const never = () => 0
const always = () => 1
const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs
const moment = { now: 1_000_000, revision: 'r1' }

function throttle(previous?: Hold, { now = 1_000_000, retryAfterMs }: { now?: number; retryAfterMs?: number } = {}) {
  return nextThrottle(previous, deferred('throttled', 'LINE answered 429', { retryAfterMs }), { ...moment, now }, never)
}

/** Parked again and again for this reason, by the probe that was let through as soon as its time had come. */
function parkedWaits(reason: 'quota' | 'credentials', times: number): number[] {
  const waits: number[] = []
  let hold: Hold | undefined
  for (let time = 0; time < times; time += 1) {
    const now: number = hold?.until ?? moment.now
    hold = nextPark(hold, { reason, message: 'no' }, hourMs, { ...moment, now })
    waits.push(hold.waitMs / hourMs)
    hold = { ...hold, probe: 'd1' }
  }
  return waits
}

test('a sender that is throttled as soon as it may send again waits twice as long each time, up to a minute', () => {
  const waits: number[] = []
  let hold: Hold | undefined
  for (let times = 0; times < 8; times += 1) {
    hold = throttle(hold, { now: hold?.until ?? moment.now })
    waits.push(hold.waitMs / 1000)
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  expect(hold).toMatchObject({ kind: 'throttled', since: moment.now, strikes: 8, revision: 'r1' })
})

test('a sender that was not throttled for a while begins anew', () => {
  const second = throttle(throttle(), { now: 1_001_000 })
  expect(throttle(second, { now: second.until + 2 * second.waitMs - 1 }).strikes).toBe(3)
  const later = throttle(second, { now: second.until + 2 * second.waitMs })
  expect(later).toMatchObject({ strikes: 1, waitMs: 1000, since: second.until + 2 * second.waitMs })
})

test('many deliveries that were throttled together count as one strike', () => {
  const first = throttle()
  expect(throttle(first, { now: first.until - 1 })).toEqual(first)
})

test('up to a fifth is added to a throttle by chance', () => {
  expect(nextThrottle(undefined, deferred('throttled', 'no'), moment, always).waitMs).toBe(1200)
})

test('the network’s own word on when a throttle ends is kept, also by a delivery that was under way, and is a day at most', () => {
  expect(throttle(undefined, { retryAfterMs: 7 * 60_000 }).until).toBe(moment.now + 7 * 60_000)
  expect(throttle(throttle(), { retryAfterMs: 7 * 60_000 }).until).toBe(moment.now + 7 * 60_000)
  expect(throttle(undefined, { retryAfterMs: 1e12 }).waitMs).toBe(dayMs)
})

test('what held an earlier registration back counts for nothing', () => {
  const earlier = { ...throttle(), strikes: 5, revision: 'r0' }
  expect(throttle(earlier).strikes).toBe(1)
  const parked = { ...nextPark(undefined, { reason: 'credentials', message: 'no' }, hourMs, moment), revision: 'r0' }
  expect(throttle(parked)).toMatchObject({ kind: 'throttled', strikes: 1 })
  expect(nextPark({ ...parked, probe: 'd1' }, { reason: 'quota', message: 'no' }, hourMs, moment).strikes).toBe(1)
})

test('a parked sender that is throttled as well stays parked', () => {
  const parked = nextPark(undefined, { reason: 'quota', message: 'no' }, hourMs, moment)
  expect(throttle(parked, { retryAfterMs: dayMs })).toEqual(parked)
})

test('a probe that is throttled has failed, and the next one waits for as long as the network says', () => {
  const parked = nextPark(undefined, { reason: 'quota', message: 'no' }, hourMs, moment)
  const probing = { ...parked, probe: 'd1' }
  expect(throttle(probing)).toEqual({ ...parked, strikes: 2 })
  expect(throttle(probing, { retryAfterMs: dayMs })).toEqual({ ...parked, strikes: 2, until: moment.now + dayMs })
})

test('probes for a quota come at the same distance, those for what a person must mend ever more seldom, daily at last', () => {
  expect(parkedWaits('quota', 7)).toEqual([1, 1, 1, 1, 1, 1, 1])
  expect(parkedWaits('credentials', 7)).toEqual([1, 2, 4, 8, 16, 24, 24])
})

test('the network’s own word on when a park could be over says when the probe comes, a day at most', () => {
  const waits = [60_000, 1e12].map(
    (retryAfterMs) => nextPark(undefined, { reason: 'paused', message: 'no', retryAfterMs }, hourMs, moment).waitMs,
  )
  expect(waits).toEqual([60_000, dayMs])
})

test('what was under way when its sender was parked does not count as a probe', () => {
  const parked = nextPark(undefined, { reason: 'credentials', message: 'no' }, hourMs, moment)
  expect(nextPark(parked, { reason: 'credentials', message: 'no' }, hourMs, { ...moment, now: 1_005_000 })).toBe(parked)
})

test('a throttled sender can be parked', () => {
  expect(nextPark(throttle(), { reason: 'credentials', message: 'no' }, hourMs, moment)).toMatchObject({
    kind: 'parked',
    strikes: 1,
    until: moment.now + hourMs,
  })
})
