import { expect, test } from '@jest/globals'

import { planLoad } from './load.ts'
import { planSchedule } from './schedule.ts'

const options = { seed: 42, durationMs: 180_000, kills: 45, lockMs: 4000, networkTimeoutMs: 2000 }
const load = { seed: 42, count: 2000, atMostOnce: 0.3, validitySeconds: 210 }

test('the same seed makes the same events at the same times, and the same messages', () => {
  expect(planSchedule(options)).toEqual(planSchedule({ ...options }))
  expect([...planLoad(load)]).toEqual([...planLoad({ ...load })])
})

test('another seed makes others', () => {
  expect(planSchedule({ ...options, seed: 43 })).not.toEqual(planSchedule(options))
  expect([...planLoad({ ...load, seed: 43 })]).not.toEqual([...planLoad(load)])
})

test('more events change nothing in the messages, nor a longer load in those it began with', () => {
  expect([...planLoad({ ...load, count: 2500 })].slice(0, 2000)).toEqual([...planLoad(load)])
})

test('as many kills as are asked for are spread over the run, and leave nobody out', () => {
  const kills = planSchedule(options).filter(({ kind }) => kind === 'kill')
  expect(kills).toHaveLength(45)
  for (const third of [0, 1, 2]) {
    const within = kills.filter(({ atMs }) => Math.floor(atMs / 60_000) === third)
    expect(within.length).toBeGreaterThanOrEqual(13)
  }
  const killed = new Set(kills.map((event) => ('member' in event ? event.member : '')))
  expect([...killed].toSorted((one, other) => one.localeCompare(other))).toEqual([
    'ingress-1',
    'ingress-2',
    'redis',
    'worker-line-1',
    'worker-line-2',
    'worker-messenger-1',
    'worker-messenger-2',
  ])
})

test('even the shortest run has every kind of event', () => {
  const kinds = planSchedule({ ...options, durationMs: 20_000, kills: 10 }).map(({ kind }) => kind)
  expect([...new Set(kinds)].toSorted()).toEqual(['cut', 'freeze', 'kill', 'restart', 'rotate'])
})

test('some worker is frozen for longer than its locks last', () => {
  const longest = planSchedule(options).map((event) => (event.kind === 'freeze' ? event.forMs : 0))
  expect(Math.max(...longest)).toBeGreaterThan(options.lockMs)
})

test('at most once is for as many of Messenger’s messages as are asked for', () => {
  expect(messengerOf(1).every(({ strict }) => strict)).toBe(true)
  expect(messengerOf(0).some(({ strict }) => strict)).toBe(false)
})

function messengerOf(atMostOnce: number) {
  return [...planLoad({ ...load, atMostOnce })].filter(({ network }) => network === 'messenger')
}
