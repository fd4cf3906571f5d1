import { expect, test } from '@jest/globals'

import type { Happened } from './books.ts'
import { measureRecovery, percentiles } from './recovery.ts'

function kill(member: 'worker-line-2' | 'redis', from: number, until: number, readyAt: number): Happened {
  return { event: { kind: 'kill', member, atMs: 0, downMs: 0 }, name: 'kill', from, until, readyAt }
}

test('a percentile is a value that occurred, and none of nothing', () => {
  expect(percentiles([30, undefined, 10, 20])).toEqual({ p50: 20, p99: 30 })
  expect(percentiles([undefined])).toEqual({ p50: undefined, p99: undefined })
})

test('recovery counts from the kill: until the next is ready, and until the next delivery is settled', () => {
  const message = {
    index: 0,
    network: 'line',
    strict: false,
    sender: '1',
    recipient: '2',
    validityPeriod: '30',
  } as const
  const accepted = { message, id: 'a', idempotencyKey: 'k', ingress: 'ingress-1', firstTriedAt: 0, tries: 1 } as const
  const books = {
    producer: { accepted: new Map([[0, { ...accepted, answeredAt: 900, otherIds: [] }]]), untaken: [] },
    status: new Map([[0, { state: 'sent', at: 1500, confirmed: true, parked: false } as const]]),
    ledger: new Map(),
    happened: [kill('worker-line-2', 1000, 1100, 3000), kill('redis', 1000, 1600, 1600)],
  }
  expect(measureRecovery(books)).toEqual({
    'worker-line': { kills: 1, ready: { p50: 2000, p99: 2000 }, served: { p50: 500, p99: 500 } },
    redis: { kills: 1, ready: { p50: 600, p99: 600 }, served: { p50: undefined, p99: undefined } },
  })
})
