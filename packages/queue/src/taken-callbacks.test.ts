import { randomUUID } from 'node:crypto'

import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import { takeCallbacks } from './taken-callbacks.ts'
import { logger } from './testing.ts'
import { anEvent, useCallbacks } from './use-callbacks.ts'

const { given, openQueues, work } = useCallbacks()

test('callbacks are told as they are made and enabled, and what waits for one that was removed is cleared away', async () => {
  const [queues, told] = [openQueues(), new Array<string>()]
  const [first, second] = [randomUUID(), randomUUID()]
  const listed = new Map<string, { id: string; account: string; disabled?: object }>()
  const start = ({ id }: { readonly id: string }) => ({
    close: work(id, async (event) => {
      told.push(event.id)
      return { outcome: 'arrived', message: 'answered 204' }
    }),
  })
  await queues.add(first, [anEvent('e1')])
  await queues.add(second, [anEvent('e2')])
  listed.set(first, { id: first, account: 'a' })
  listed.set(second, { id: second, account: 'b', disabled: {} })
  const list = async () => [...listed.values()]
  const taken = takeCallbacks({ redis: given.redis(), logger, queues, list, start, everyMs: 20 })
  given.afterTest(() => taken.close())
  await untilTrue(() => told.length === 1)
  expect(await queues.waiting(second)).toBe(1)
  listed.set(second, { id: second, account: 'b' })
  await untilTrue(() => told.length === 2)
  expect(told).toEqual(['e1', 'e2'])
  listed.delete(first)
  await untilTrue(() => taken.count() === 1)
  await queues.sweep(async () => [second])
  expect(await given.redis().keys(`*${first}*`)).toEqual([])
  expect(await given.redis().keys(`*${second}*`)).not.toEqual([])
})
