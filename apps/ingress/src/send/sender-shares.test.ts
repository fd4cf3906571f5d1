import { expect, test } from '@jest/globals'
import type { Delivery } from '@ott/delivery'
import type { Lane } from '@ott/queue'
import { aDelivery } from '@ott/queue/testing'
import { createLogger } from '@ott/runtime'

import { SenderShares } from './sender-shares.ts'

/** Shares of ten a second, asked at a time of the test's own. */
function shares() {
  const clock = { now: 0 }
  const waiting = new Set<string>()
  const asked: string[] = []
  const lines: string[] = []
  const given = new SenderShares({
    perSecond: 10,
    now: () => clock.now,
    isReply: ({ purpose }) => purpose === 'response',
    isWaiting: async ({ id }) => {
      asked.push(id)
      return waiting.has(id)
    },
    logger: createLogger('test', 'info', { write: (line) => void lines.push(line) }),
  })
  const send = async (count: number, changes: Partial<Delivery> = {}): Promise<Lane[]> => {
    const lanes: Lane[] = []
    for (let sent = 0; sent < count; sent += 1) {
      const delivery = aDelivery(changes)
      const lane = await given.laneOf(delivery)
      if (lane === 'slow') waiting.add(delivery.id)
      lanes.push(lane)
    }
    return lanes
  }
  const notQueued = (delivery: Delivery): void => given.notQueued(delivery)
  return { clock, waiting, asked, lines, send, notQueued }
}

const times = (count: number, lane: Lane): Lane[] => Array.from({ length: count }, () => lane)

test('what is over a sender’s share goes to the slow lane, and nobody else’s does', async () => {
  const { send } = shares()
  expect(await send(50)).toEqual([...times(20, 'usual'), ...times(30, 'slow')])
  expect(await send(20, { sender: 'another' })).toEqual(times(20, 'usual'))
  expect(await send(20, { account: 'another' })).toEqual(times(20, 'usual'))
})

test('a slowed sender stays in the slow lane until its slow deliveries are gone, so that its campaign keeps its order', async () => {
  const { clock, waiting, asked, lines, send } = shares()
  await send(30)
  clock.now += 60_000
  expect(await send(5)).toEqual(times(5, 'slow'))
  expect(asked).toHaveLength(1)
  clock.now += 1000
  waiting.clear()
  expect(await send(5)).toEqual(times(5, 'usual'))
  expect(lines.map((line) => /sender\.\w+/.exec(line)?.[0])).toEqual(['sender.slowed', 'sender.unslowed'])
})

test('… and so it does where the last of them could not be queued', async () => {
  const { clock, waiting, send, notQueued } = shares()
  await send(30)
  const lost = aDelivery()
  await send(1, lost)
  waiting.delete(lost.id)
  notQueued(lost)
  clock.now += 60_000
  expect(await send(1)).toEqual(['slow'])
  clock.now += 1000
  expect(await send(1)).toEqual(['slow'])
  clock.now += 1000
  waiting.clear()
  expect(await send(1)).toEqual(['usual'])
})

test('a sender that goes on sending over its share stays in the slow lane, and Redis is not asked', async () => {
  const { clock, waiting, asked, send } = shares()
  await send(30)
  for (let second = 0; second < 10; second += 1) {
    waiting.clear()
    clock.now += 1000
    expect(await send(20)).toEqual(times(20, 'slow'))
  }
  expect(asked).toEqual([])
})

test('replies of a slowed sender still go first, as far as it does not call everything a reply', async () => {
  const { send } = shares()
  await send(30)
  expect(await send(25, { purpose: 'response' })).toEqual([...times(20, 'reply'), ...times(5, 'slow')])
})
