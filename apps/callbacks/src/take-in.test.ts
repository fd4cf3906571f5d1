import { randomUUID } from 'node:crypto'

import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { accepted, type DeliveryEvent, type History } from '@ott/delivery'
import { CallbackQueues } from '@ott/queue'
import { aDelivery } from '@ott/queue/testing'
import type { CallbackRegistry } from '@ott/registry'
import { createLogger } from '@ott/runtime'

import { makeTakeIn, wantedSince } from './take-in.ts'
import { useRegistry } from './use-registry.ts'

const logger = createLogger('test', 'silent')
const all = ['message.sent', 'message.failed', 'message.expired', 'message.parked']
const wanted = { url: 'https://shop.example/', types: all, includeRequestBody: false }

const stored = useRegistry(logger)
let registry: CallbackRegistry
let queues: CallbackQueues

beforeAll(() => {
  registry = stored.registry()
  queues = new CallbackQueues(stored.redis())
  stored.server.onStop(() => queues.close())
})

beforeEach(async () => {
  for (const { account } of await registry.all()) await registry.remove(account)
})

/** A delivery of an account that has just ended so. */
function ended(account: string, event: 'sent' | 'failed' = 'sent') {
  const delivery = aDelivery({ account, id: randomUUID() })
  const at = Date.now() + 1
  const last: DeliveryEvent =
    event === 'sent'
      ? { event, at, receipt: accepted('push', ['1']) }
      : { event, at, reason: 'window', message: 'too late', attempts: 1, inDoubt: false }
  const history: History = { delivery, events: [{ event: 'created', at: 1 }, last], attempts: [] }
  return { what: 'end', history } as const
}

const takeIn = (backlogMax = 100) => makeTakeIn({ registry, queues, backlogMax, logger })

test('each account’s callback gets what happened to its own deliveries, as far as it asked for it', async () => {
  const { callback: shop } = await registry.put('shop', wanted)
  const { callback: rival } = await registry.put('rival', { ...wanted, types: ['message.failed'] })
  await takeIn()([ended('shop'), ended('shop', 'failed'), ended('rival'), ended('rival', 'failed'), ended('nobody')])
  expect(await queues.waiting(shop.id)).toBe(2)
  expect(await queues.waiting(rival.id)).toBe(1)
})

test('the same delivery taken in twice is one event', async () => {
  const { callback } = await registry.put('shop', wanted)
  const [one, other] = [ended('shop'), ended('shop')]
  await takeIn()([one])
  await takeIn()([one, other])
  expect(await queues.waiting(callback.id)).toBe(2)
})

test('a callback for which too many events wait is disabled rather than let fill Redis', async () => {
  const { callback } = await registry.put('shop', wanted)
  await takeIn(2)([ended('shop'), ended('shop')])
  await takeIn(2)([ended('shop')])
  expect(await queues.waiting(callback.id)).toBe(2)
  expect((await registry.find('shop'))?.disabled).toMatchObject({ reason: 'backlog' })
  await takeIn()([ended('shop')])
  expect(await queues.waiting(callback.id)).toBe(2)
})

test('nothing is wanted while no callback is enabled, and else what happened since the first of them was', async () => {
  expect(await wantedSince(registry)).toBeUndefined()
  const { callback } = await registry.put('shop', wanted)
  await registry.put('rival', wanted)
  expect(await wantedSince(registry)).toBe(callback.since)
  await registry.disable(callback, 'operator')
  expect(await wantedSince(registry)).toBeGreaterThanOrEqual(callback.since)
  await registry.remove('rival')
  expect(await wantedSince(registry)).toBeUndefined()
})
