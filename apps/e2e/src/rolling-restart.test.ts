import { expect, test } from '@jest/globals'

import { aLineConversation, aMessengerConversation } from './conversation.ts'
import { Producer } from './producer.ts'
import { useFleet } from './use-fleet.ts'

const fleet = useFleet()

/** Ask at the same time what became of the deliveries. */
const readers = 10

async function expectAllSent(ids: Iterable<string>): Promise<void> {
  for (const id of ids) expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
}

test('a deploy of every program under load, one after the other, loses nothing and doubles nothing', async () => {
  const conversations = [await aLineConversation(fleet()), await aMessengerConversation(fleet())]
  const producer = new Producer({ token: fleet().token, conversations, pauseMs: 100 })
  const second = await fleet().addIngress()
  producer.start(fleet().ingress, second)
  for (const network of ['line', 'messenger']) {
    await fleet().addWorker(network)
    await producer.untilMoreAreSent(20)
    await fleet().stopOne(fleet().worker(network))
  }
  for (const old of [second, fleet().ingress]) {
    const next = await fleet().addIngress()
    await producer.untilMoreAreSent(20)
    producer.replace(old, next)
    await fleet().stopOne(old)
    fleet().useIngress(next)
  }
  await producer.untilMoreAreSent(20)
  await producer.stop()
  expect(producer.sent.length).toBeGreaterThan(100)
  const ids = producer.sent.map(({ id }) => id).values()
  await Promise.all(Array.from({ length: readers }, () => expectAllSent(ids)))
  const received = await Promise.all(conversations.map(({ ottId }) => fleet().sandbox.received(ottId)))
  expect(received.flat()).toHaveLength(producer.sent.length)
})
