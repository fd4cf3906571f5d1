import { beforeEach, expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { createLogger } from '@ott/runtime'

import { aDelivery } from './a-delivery.ts'
import { QueueRecord } from './queue-record.ts'
import { takeQueues } from './taken-queues.ts'
import { sent } from './testing.ts'
import { useLayouts } from './use-layouts.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])
const { produce, take } = useLayouts(given)

beforeEach(() => given.redis().flushdb())

test('workers that take a shard each take all deliveries between them, each those of its senders', async () => {
  const queues = produce(2)
  const taken: string[][] = [[], []]
  for (const shard of [0, 1])
    take(
      2,
      async (delivery) => {
        taken[shard]?.push(queues.queueOf(delivery))
        return sent
      },
      { take: { shards: new Set([shard]), others: false } },
    )
  for (let sender = 0; sender < 30; sender += 1) await queues.add(aDelivery({ sender: String(sender) }))
  await untilTrue(() => taken.flat().length === 30)
  expect(taken.map((names) => new Set(names))).toEqual([new Set(['{line-0}']), new Set(['{line-1}'])])
})

test('a worker of named shards leaves the queues of other layouts alone, and warns when deliveries wait there', async () => {
  const warnings: unknown[] = []
  const logger = createLogger('test', 'silent')
  logger.warn = (fields: unknown, event?: string) => void warnings.push([event, fields])
  await produce(1).add(aDelivery())
  const taken = take(2, async () => sent, { take: { shards: new Set([0]), others: false }, logger })
  await untilTrue(() => warnings.length > 0)
  expect(warnings).toEqual([['queue.not-taken', expect.objectContaining({ queue: 'line' })]])
  expect(taken.works()).toHaveLength(1)
  expect(await given.redis().zcard('ott:line:prioritized')).toBe(1)

  take(2, async () => sent, { take: { shards: new Set(), others: true } })
  await untilTrue(async () => (await given.redis().zcard('ott:line:prioritized')) === 0)
})

test('the queues that are taken are closed together, and none is begun any more', async () => {
  const closed: string[] = []
  const started: string[] = []
  const ends = Promise.withResolvers<void>()
  const taken = takeQueues('line', {
    redis: given.redis(),
    logger: createLogger('test', 'silent'),
    shards: 3,
    take: { shards: 'all', others: true },
    retention: { RETAIN_SENT_HOURS: 1, RETAIN_SENT_COUNT: 1, RETAIN_FAILED_HOURS: 1, RETAIN_FAILED_COUNT: 1 },
    everyMs: 5,
    start: (queue) => {
      started.push(queue)
      return {
        close: async () => {
          closed.push(queue)
          await ends.promise
        },
      }
    },
  })
  const closing = taken.close()
  expect(closed).toEqual(['{line-0}', '{line-1}', '{line-2}'])
  await new QueueRecord('line', given.redis()).put(['line'])
  ends.resolve()
  await closing
  expect(started).toEqual(closed)
})
