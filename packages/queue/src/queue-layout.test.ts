import { expect, test } from '@jest/globals'

import { queueNames, QueueEnvironment, shardOf, TakeShards } from './queue-layout.ts'

const single = { isCluster: false }
const cluster = { isCluster: true }

test('the only queue of a network keeps the name that it always had; on a cluster it has a hash tag', () => {
  expect(queueNames('line', 1, single)).toEqual(['line'])
  expect(queueNames('line', 1, cluster)).toEqual(['{line-0}'])
})

test('several queues have a hash tag each, wherever Redis runs', () => {
  expect(queueNames('line', 3, single)).toEqual(['{line-0}', '{line-1}', '{line-2}'])
  expect(queueNames('line', 3, cluster)).toEqual(['{line-0}', '{line-1}', '{line-2}'])
})

test('a sender’s shard is the same in every process and release', () => {
  expect(shardOf({ account: 'shop', sender: '1650000000' }, 4)).toBe(3)
  expect(shardOf({ account: 'shop', sender: '1650000001' }, 4)).toBe(0)
  expect(shardOf({ account: 'rival', sender: '1650000000' }, 4)).toBe(3)
  expect(shardOf({ account: 'shop', sender: '1650000000' }, 1)).toBe(0)
})

const sendersOf = {
  'one account with consecutive senders': (number: number) => ({
    account: 'shop',
    sender: String(1650000000 + number),
  }),
  'many accounts with a sender each': (number: number) => ({ account: `mid-${number}`, sender: '1650000000' }),
  'senders that are far apart': (number: number) => ({ account: 'shop', sender: String(1009 * number) }),
}

test.each(Object.entries(sendersOf))('%s are spread evenly over any number of shards', (_name, senderOf) => {
  for (const shards of [2, 3, 4, 7, 16, 64]) {
    const counts = Array.from({ length: shards }, () => 0)
    const each = 500
    for (let number = 0; number < each * shards; number += 1) {
      const shard = shardOf(senderOf(number), shards)
      counts[shard] = (counts[shard] ?? 0) + 1
    }
    expect(Math.max(...counts)).toBeLessThan(1.25 * each)
    expect(Math.min(...counts)).toBeGreaterThan(0.75 * each)
  }
})

test('a worker takes all queues, or the shards that are named, and those of other layouts if that is said', () => {
  expect(TakeShards.parse('all')).toEqual({ shards: 'all', others: true })
  expect(TakeShards.parse('0, 2')).toEqual({ shards: new Set([0, 2]), others: false })
  expect(TakeShards.parse('1,other')).toEqual({ shards: new Set([1]), others: true })
  expect(TakeShards.parse('other')).toEqual({ shards: new Set(), others: true })
  for (const text of ['', '0,', 'line-0', '-1', 'all,0'])
    expect(TakeShards.safeParse(text).error?.message).toMatch(/must be all, or shards/)
})

test('there is one queue a network unless more are asked for, and never none', () => {
  expect(QueueEnvironment.parse({})).toEqual({ QUEUE_SHARDS: 1 })
  expect(QueueEnvironment.safeParse({ QUEUE_SHARDS: '0' }).success).toBe(false)
  expect(QueueEnvironment.safeParse({ QUEUE_SHARDS: '1025' }).success).toBe(false)
})
