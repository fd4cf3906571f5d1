import { expect, test } from '@jest/globals'
import { readEnvironment } from '@ott/runtime'

import { Environment } from './environment.ts'

const read = (changes: Readonly<Record<string, string>>) =>
  readEnvironment(Environment, {
    NETWORK: 'line',
    CREDENTIALS_KEY: Buffer.alloc(32, 'k').toString('base64'),
    ...changes,
  })

test('a worker takes all queues of its network unless it is told which', () => {
  expect(read({})).toMatchObject({ QUEUE_SHARDS: 1, TAKE_SHARDS: { shards: 'all', others: true } })
  expect(read({ QUEUE_SHARDS: '4', TAKE_SHARDS: '0,3' })).toMatchObject({
    TAKE_SHARDS: { shards: new Set([0, 3]), others: false },
  })
})

test('a worker that is to take a shard that is not there does not start, and says why', () => {
  expect(() => read({ QUEUE_SHARDS: '3', TAKE_SHARDS: '0,3' })).toThrow(/TAKE_SHARDS: names a shard that is not there/)
  expect(() => read({ TAKE_SHARDS: 'some' })).toThrow(/TAKE_SHARDS: must be all, or shards such as 0,2/)
})
