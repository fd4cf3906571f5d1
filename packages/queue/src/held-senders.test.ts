import { expect, test } from '@jest/globals'
import { accepted, deferred, type Hold, refused } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'

import { aDelivery } from './a-delivery.ts'
import { openQueue } from './connection.ts'
import { startDeliveryWorker } from './delivery-worker.ts'
import { HeldSenders, type Senders } from './held-senders.ts'
import { ParkedDeliveries } from './parked-deliveries.ts'
import { logger, usual } from './testing.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])
const unauthorized = refused('credentials', 'LINE answered 401')

/** What is kept of one sender, with its registration `1`. */
function aSender(changes: Partial<Senders> = {}) {
  const kept: { hold?: Hold | undefined; revision: string } = { revision: '1' }
  const senders: Senders = {
    findRevision: async () => kept.revision,
    findHold: async () => kept.hold,
    hold: async (_account, _sender, hold) => (kept.hold = hold),
    release: async () => (kept.hold = undefined),
    ...changes,
  }
  const parked = new ParkedDeliveries('line', given.redis())
  given.afterTest(() => parked.close())
  return { kept, parked, held: new HeldSenders({ senders, parked, probeMs: 60_000, logger }) }
}

/** A park in which this delivery is let through. */
function probing(probe: string): Hold {
  const [since, waitMs] = [Date.now(), 60_000]
  const until = since + waitMs
  return { kind: 'parked', reason: 'quota', message: 'no', since, until, waitMs, strikes: 1, revision: '1', probe }
}

function work(held: HeldSenders, attempt: Parameters<typeof startDeliveryWorker>[1]): void {
  const worker = startDeliveryWorker('line', attempt, { ...usual, redis: given.redis(), senders: held })
  given.afterTest(() => worker.close())
}

test('a delivery whose sender’s credentials are refused is parked, and the sender’s next ones are not attempted', async () => {
  const { held, kept, parked } = aSender()
  const [first, second] = [aDelivery({ sender: 'a' }), aDelivery({ sender: 'a' })]
  const attempted: string[] = []
  work(held, async ({ id }) => {
    attempted.push(id)
    return unauthorized
  })
  for (const delivery of [first, second]) {
    await given.queues().add(delivery)
    await untilTrue(async () => (await given.lastEvent(delivery.id))?.event === 'parked')
  }
  expect(attempted).toEqual([first.id])
  expect(kept.hold).toMatchObject({ kind: 'parked', reason: 'credentials', strikes: 1, revision: '1' })
  expect(await parked.count('shop', 'a')).toBe(2)
  expect(await given.history(first.id)).toMatchObject({
    events: [{}, {}, { event: 'parked', reason: 'credentials', message: 'LINE answered 401' }],
    attempts: [{ outcome: 'refused', reason: 'credentials' }],
  })
  expect((await given.history(second.id))?.attempts).toEqual([])
})

test('a sender that is registered anew during an attempt is not held back for what the earlier registration met', async () => {
  const { held, kept } = aSender()
  const delivery = aDelivery({ sender: 'b' })
  const receipts = [unauthorized]
  work(held, async () => {
    kept.revision = '2'
    return receipts.shift() ?? accepted('push', ['1'])
  })
  await given.queues().add(delivery)
  await untilTrue(async () => kept.hold !== undefined)
  expect(kept.hold?.revision).toBe('1')
  const next = aDelivery({ sender: 'b' })
  await given.queues().add(next)
  await untilTrue(async () => (await given.lastEvent(next.id))?.event === 'sent')
})

test('what an attempt came to is not lost when its sender cannot be held back: the delivery comes up again', async () => {
  const { held } = aSender({ hold: () => Promise.reject(new Error('OOM command not allowed')) })
  const delivery = aDelivery({ sender: 'c' })
  work(held, async () => deferred('quota', 'LINE answered 429', { inDoubt: true }))
  await given.queues().add(delivery)
  await untilTrue(async () => ((await given.history(delivery.id))?.attempts.length ?? 0) > 0)
  expect((await given.history(delivery.id))?.attempts).toMatchObject([{ outcome: 'deferred', reason: 'quota' }])
  const queue = openQueue('line', given.redis())
  given.afterTest(() => queue.close())
  await untilTrue(async () => (await queue.getJobState(delivery.id)) === 'delayed')
})

test('a delivery that was parked and then sent tells both', async () => {
  const { held, kept, parked } = aSender()
  const delivery = aDelivery({ sender: 'f' })
  const receipts = [unauthorized]
  work(held, async () => receipts.shift() ?? accepted('push', ['1']))
  await given.queues().add(delivery)
  await untilTrue(async () => (await given.lastEvent(delivery.id))?.event === 'parked')
  kept.hold = undefined
  await untilTrue(async () => (await parked.release('shop', 'f', 1)) === 1)
  await untilTrue(async () => (await given.lastEvent(delivery.id))?.event === 'sent')
  expect((await given.history(delivery.id))?.events.map(({ event }) => event)).toEqual([
    'created',
    'queued',
    'parked',
    'sent',
  ])
})

test.each([
  ['is accepted', accepted('push', ['1']), true],
  ['is refused for itself', refused('recipient', 'LINE answered 400'), true],
  ['gets no answer', deferred('no-answer', 'none', { inDoubt: true }), false],
  ['is given up without a call', refused('ambiguous', 'it may have been sent'), false],
] as const)('a parked sender whose probe %s is released: %s', async (_what, receipt, released) => {
  const { held, kept } = aSender()
  const delivery = aDelivery({ sender: 'd' })
  kept.hold = probing(delivery.id)
  const { promise: attempted, resolve } = Promise.withResolvers<void>()
  work(held, async () => {
    resolve()
    return receipt
  })
  await given.queues().add(delivery)
  await attempted
  await untilTrue(async () => ((await given.history(delivery.id))?.attempts.length ?? 0) > 0)
  expect(kept.hold === undefined).toBe(released)
})

test('a probe that is accepted is sent, even if the release of its sender fails', async () => {
  const { held, kept } = aSender({ release: () => Promise.reject(new Error('OOM command not allowed')) })
  const delivery = aDelivery({ sender: 'e' })
  kept.hold = probing(delivery.id)
  work(held, async () => accepted('push', ['1']))
  await given.queues().add(delivery)
  await untilTrue(async () => (await given.lastEvent(delivery.id))?.event === 'sent')
})
