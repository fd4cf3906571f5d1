import { expect, test } from '@jest/globals'

import { aMessengerConversation, type Conversation } from './conversation.ts'
import { useFleet } from './use-fleet.ts'

const fleet = useFleet()

/** Ingresses are deployed twice, and every delivery is asked for. */
const limitMs = 90_000

/** By sender: one that the network takes, one that it refuses, one with a dead credential. */
async function threeSenders(): Promise<Record<'good' | 'refused' | 'parked', Conversation>> {
  const [good, refused, parked] = [
    await aMessengerConversation(fleet()),
    await aMessengerConversation(fleet()),
    await aMessengerConversation(fleet()),
  ]
  await fleet().sandbox.fault({
    network: 'messenger',
    sender: refused.senderId,
    fault: 'graph-error',
    code: 551,
    times: 0,
  })
  await fleet().sandbox.fault({ network: 'messenger', sender: parked.senderId, fault: 'expired-token', times: 0 })
  return { good, refused, parked }
}

test(
  'the number of queues is changed from 1 to 3 to 2 by deploys of the ingress alone: nothing is lost, nothing doubled',
  async () => {
    const senders = await threeSenders()
    const ids = { good: new Array<string>(), refused: new Array<string>(), parked: new Array<string>() }
    const expectWhatIs = async () => {
      for (const id of ids.good) expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
      for (const id of ids.refused) expect(await fleet().settled(id)).toMatchObject({ event: 'Error' })
      for (const id of ids.parked) expect(await fleet().untilEvent(id, ['Parked'])).toBeDefined()
    }
    for (const shards of ['1', '3', '2']) {
      const next = await fleet().addIngress({ QUEUE_SHARDS: shards })
      await fleet().stopOne(fleet().ingress)
      fleet().useIngress(next)
      for (const kind of ['good', 'refused', 'parked'] as const)
        ids[kind].push(await fleet().send(senders[kind].request()))
      // What the ingresses before it queued, and what became of it, this one knows.
      await expectWhatIs()
    }

    await fleet().sandbox.clearFaults()
    await fleet().registerSender('messenger', { id: senders.parked.senderId })
    for (const id of ids.parked) expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
    await fleet().ott('redrive', '--network', 'messenger', '--yes', '--json')
    for (const id of ids.refused) expect(await fleet().untilEvent(id, ['Sent'])).toBeDefined()
    for (const { ottId } of Object.values(senders)) expect(await fleet().sandbox.received(ottId)).toHaveLength(3)
  },
  limitMs,
)
