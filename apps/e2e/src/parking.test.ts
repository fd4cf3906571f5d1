import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import { aLineConversation, aMessengerConversation } from './conversation.ts'
import { useFleet } from './use-fleet.ts'

const fleet = useFleet({ env: { PARKING_PROBE_SECONDS: '1' } })

const metric = async (network: string, name: string): Promise<string | undefined> => {
  const text = await (await fetch(`${fleet().worker(network).healthUrl}/metrics`)).text()
  return text.split('\n').find((line) => line.startsWith(name))
}

test('a dead credential parks its sender: deliveries wait, visibly, and those of other senders are delivered', async () => {
  const dead = await aMessengerConversation(fleet())
  const alive = await aMessengerConversation(fleet())
  const fault = { network: 'messenger', sender: dead.senderId, fault: 'expired-token', times: 0 }
  await fleet().sandbox.fault(fault)
  const ids = [await fleet().send(dead.request()), await fleet().send(dead.request())]
  for (const id of ids)
    expect(await fleet().untilEvent(id, ['Parked', 'Error', 'Sent'])).toMatchObject({
      event: 'Parked',
      reason: 'credentials',
      message: expect.stringContaining('Session has expired'),
    })
  expect(await fleet().settled(await fleet().send(alive.request()))).toMatchObject({ event: 'Sent' })
  expect(await metric('messenger', 'ott_parked_deliveries')).toMatch(/ 2$/)
  expect(await metric('messenger', 'ott_parked_senders')).toMatch(/ 1$/)
  const listed = await fleet().ott('sender', 'list', '--network', 'messenger', '--account', 'shop')
  expect(listed).toMatch(new RegExp(`${dead.senderId}.*parked`, 's'))

  // Whoever registers the sender with good credentials has its deliveries sent.
  await fleet().sandbox.clearFaults()
  await fleet().registerSender('messenger', { id: dead.senderId })
  for (const id of ids) expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
  expect(await fleet().sandbox.received(dead.ottId)).toHaveLength(2)
})

test('an empty quota parks the channel until a probe is taken, and then what waited is delivered', async () => {
  const { senderId, ottId, request } = await aLineConversation(fleet())
  await fleet().sandbox.fault({ network: 'line', sender: senderId, fault: 'monthly-limit', times: 1 })
  const id = await fleet().send(request())
  expect(await fleet().untilEvent(id, ['Parked', 'Error'])).toMatchObject({ event: 'Parked', reason: 'quota' })
  // LINE's own word is an hour; an operator who knows better resumes the sender.
  await fleet().ott('sender', 'resume', senderId, '--network', 'line', '--account', 'shop')
  expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
  expect(await fleet().sandbox.received(ottId)).toHaveLength(1)
})

test('a parked sender is probed with one delivery, and released when it is taken', async () => {
  const { senderId, ottId, request } = await aMessengerConversation(fleet())
  const fault = { network: 'messenger', sender: senderId, fault: 'expired-token', times: 2 }
  await fleet().sandbox.fault(fault)
  const first = await fleet().send(request())
  await fleet().untilEvent(first, ['Parked'])
  const others = [await fleet().send(request()), await fleet().send(request())]
  for (const id of [first, ...others]) expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
  const refused = (await fleet().sandbox.calls(senderId)).filter((call) => call !== 'send 200')
  expect(refused).toHaveLength(2)
  expect(await fleet().sandbox.received(ottId)).toHaveLength(3)
})

test('the validity of a parked delivery ends all the same', async () => {
  const { senderId, request } = await aLineConversation(fleet())
  await fleet().sandbox.fault({ network: 'line', sender: senderId, fault: 'monthly-limit', times: 0 })
  const id = await fleet().send(request({}, { validityPeriod: 'PT2S' }))
  await fleet().untilEvent(id, ['Parked'])
  expect(await fleet().settled(id)).toMatchObject({ event: 'Error', reason: 'expired' })
})

test('a throttled sender backs off alone, without holding the worker’s places', async () => {
  const [busy, calm] = [await aLineConversation(fleet()), await aLineConversation(fleet())]
  await fleet().sandbox.fault({ network: 'line', sender: busy.senderId, fault: 'rate-limit', times: 3 })
  const ids: string[] = []
  for (let sent = 0; sent < 120; sent += 1) ids.push(await fleet().send(busy.request()))
  expect(await fleet().settled(await fleet().send(calm.request()))).toMatchObject({ event: 'Sent' })
  for (const id of ids) expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
  await untilTrue(async () => (await fleet().sandbox.received(busy.ottId)).length === ids.length)
})
