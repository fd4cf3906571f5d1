import { expect, test } from '@jest/globals'

import type { AcceptedMessage, Books, Happened, LedgerEntry, Standing } from './books.ts'
import { compareBooks } from './compare.ts'
import type { PlannedMessage } from './load.ts'
import type { NetworkName, PlannedEvent } from './schedule.ts'

const networkTimeoutMs = 2000
const start = 1_800_000_000_000

/** One message as the three books have it: taken at these seconds after the start. */
type Case = {
  readonly network?: NetworkName
  readonly strict?: boolean
  readonly standing?: Standing
  readonly taken?: readonly number[]
  readonly otherIds?: readonly string[]
}

const sent: Standing = { state: 'sent', at: start + 500, confirmed: true, parked: false }

function failed(reason: string, inDoubt = false): Standing {
  return { state: 'failed', at: start + 500, reason, inDoubt, parked: false }
}

function toBooks(cases: readonly Case[], happened: readonly Happened[] = []): Books {
  const accepted = new Map<number, AcceptedMessage>()
  const status = new Map<number, Standing>()
  const ledger = new Map<number, LedgerEntry[]>()
  for (const [
    index,
    { network = 'line', strict = false, standing = sent, taken = [0.4], otherIds = [] },
  ] of cases.entries()) {
    const message: PlannedMessage = { index, network, strict, sender: '1', recipient: '2', validityPeriod: 'PT60S' }
    const answered = { id: `id-${index}`, idempotencyKey: 'key', ingress: 'ingress-1', firstTriedAt: start } as const
    accepted.set(index, { message, ...answered, answeredAt: start + 10, tries: 1, otherIds })
    status.set(index, standing)
    const entryAt = (seconds: number) => ({ index, network, via: 'any', messageIds: ['m'], at: start + seconds * 1000 })
    if (taken.length > 0) ledger.set(index, taken.map(entryAt))
  }
  return { producer: { accepted, untaken: [] }, status, ledger, happened }
}

function happening(event: PlannedEvent, fromSeconds: number, untilSeconds: number): Happened {
  return { event, name: event.kind, from: start + fromSeconds * 1000, until: start + untilSeconds * 1000 }
}

function compare(cases: readonly Case[], happened: readonly Happened[] = []) {
  return compareBooks(toBooks(cases, happened), networkTimeoutMs)
}

function offencesOf(cases: readonly Case[], happened: readonly Happened[] = []) {
  return compare(cases, happened).offences.map(({ kind, index }) => `${index} ${kind}`)
}

const workerKill = { atMs: 0, kind: 'kill', member: 'worker-messenger-1', downMs: 0 } as const

test('books that agree have nothing to complain about, and each message is counted once', () => {
  const unconfirmed: Standing = { ...sent, state: 'sent', confirmed: false }
  const cases = [
    {},
    { standing: unconfirmed },
    { standing: unconfirmed, taken: [] },
    { standing: failed('expired'), taken: [] },
  ]
  expect(compare(cases)).toMatchObject({
    accepted: 4,
    delivered: 1,
    unconfirmedDelivered: 1,
    unconfirmedUndelivered: 1,
    failed: { expired: 1 },
    underWay: 0,
    offences: [],
  })
})

test('a message that is Sent and confirmed, but that the network has not, is lost', () => {
  expect(offencesOf([{}, { taken: [] }])).toEqual(['1 lost'])
})

test('a message that was answered 201 and is no longer known is lost', () => {
  expect(offencesOf([{ standing: { state: 'missing' } }])).toEqual(['0 lost'])
})

test('a message that never settles is still under way', () => {
  expect(offencesOf([{ standing: { state: 'under way', parked: true }, taken: [] }])).toEqual(['0 under way'])
})

test('what LINE took twice is a duplicate, whatever happened meanwhile', () => {
  const kill = happening({ ...workerKill, member: 'worker-line-1' }, 0, 9)
  expect(offencesOf([{ taken: [1, 5] }], [kill])).toEqual(['0 line duplicate'])
})

test('what Messenger took twice is explained by the kill of a worker of it between the two', () => {
  const found = compare([{ network: 'messenger', taken: [1, 5] }], [happening(workerKill, 2, 3)])
  expect(found.offences).toEqual([])
  expect(found).toMatchObject({ messengerDuplicates: 1, duplicates: [{ index: 0, explainedBy: [['kill']] }] })
})

test('nothing explains a Messenger duplicate but what can have lost its answer, at the time', () => {
  const twice: Case[] = [{ network: 'messenger', taken: [10, 15] }]
  const unexplained = ['0 unexplained duplicate']
  expect(offencesOf(twice)).toEqual(unexplained)
  expect(offencesOf(twice, [happening(workerKill, 2, 3)])).toEqual(unexplained)
  expect(offencesOf(twice, [happening(workerKill, 16, 17)])).toEqual(unexplained)
  expect(offencesOf(twice, [happening({ ...workerKill, member: 'worker-line-1' }, 12, 13)])).toEqual(unexplained)
  expect(offencesOf(twice, [happening({ ...workerKill, member: 'ingress-1' }, 12, 13)])).toEqual(unexplained)
  expect(offencesOf(twice, [happening({ atMs: 0, kind: 'rotate' }, 9, 20)])).toEqual(unexplained)
})

test('a cut explains a Messenger duplicate when it loses answers, not when it refuses calls', () => {
  const twice: Case[] = [{ network: 'messenger', taken: [10, 15] }]
  const cut = { atMs: 0, kind: 'cut', network: 'messenger', operation: 'send', forMs: 0, delayMs: 0 } as const
  expect(offencesOf(twice, [happening({ ...cut, fault: 'drop-after' }, 9, 11)])).toEqual([])
  expect(offencesOf(twice, [happening({ ...cut, fault: 'unavailable' }, 9, 11)])).toEqual(['0 unexplained duplicate'])
})

test('each repeat needs an explanation of its own', () => {
  const thrice: Case[] = [{ network: 'messenger', taken: [1, 5, 20] }]
  expect(offencesOf(thrice, [happening(workerKill, 2, 3)])).toEqual(['0 unexplained duplicate'])
  expect(offencesOf(thrice, [happening(workerKill, 2, 3), happening(workerKill, 8, 9)])).toEqual([])
})

test('for a sender by at most once, nothing excuses a duplicate', () => {
  expect(offencesOf([{ network: 'messenger', strict: true, taken: [1, 5] }], [happening(workerKill, 2, 3)])).toEqual([
    '0 strict duplicate',
  ])
})

test('an Error for what the network has is wrong, unless it says itself that it may be so', () => {
  const cases = [failed('recipient'), failed('expired'), failed('expired', true), failed('ambiguous', true)]
  expect(offencesOf(cases.map((standing) => ({ standing })))).toEqual(['0 wrongly failed', '1 wrongly failed'])
})

test('two ids for one Idempotency-Key are told', () => {
  expect(offencesOf([{ otherIds: ['id-9'] }])).toEqual(['0 two ids'])
})

test('what was delivered without a 201, and what was never taken, is told', () => {
  const books = toBooks([{}, {}])
  const [first] = books.producer.accepted.values()
  const untaken = first === undefined ? [] : [{ message: { ...first.message, index: 7 }, why: '400' }]
  const accepted = new Map([...books.producer.accepted].slice(0, 1))
  const { offences } = compareBooks({ ...books, producer: { accepted, untaken } }, networkTimeoutMs)
  expect(offences).toEqual([
    { kind: 'not taken', index: 7, why: '400' },
    { kind: 'not accepted', index: 1, why: expect.any(String) },
  ])
})
