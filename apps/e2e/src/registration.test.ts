import { expect, test } from '@jest/globals'

import { aLineUser } from './people.ts'
import { useFleet } from './use-fleet.ts'

const fleet = useFleet({ networks: ['line'] })

function aRequest(senderId: string) {
  return {
    messageKey: 'order-1',
    validityPeriod: '30',
    from: { senderType: 'line', senderId },
    to: { ottId: aLineUser() },
    message: { contents: [{ type: 'text', text: 'Your table is ready' }] },
  }
}

const unregistered = {
  message: 'Please fix the following errors',
  errorcode: 10006,
  validationErrors: [{ message: 'Sender Id provided is either unregistered or inactive', errorcode: 10005 }],
}

test('a sender can send from its registration on, and no longer once it is removed', async () => {
  expect(await fleet().api('POST', 'send', aRequest('nobody'))).toMatchObject({ status: 400, body: unregistered })
  const senderId = await fleet().registerSender('line')
  expect(await fleet().settled(await fleet().send(aRequest(senderId)))).toMatchObject({ event: 'Sent' })
  expect(await fleet().api('DELETE', `registration/line/${senderId}`)).toMatchObject({ status: 204 })
  expect(await fleet().api('POST', 'send', aRequest(senderId))).toMatchObject({ status: 400, body: unregistered })
})

test('a sender that is deactivated is refused by a running worker, too', async () => {
  const senderId = await fleet().registerSender('line')
  // Put off for a second by the network, so that the change is there before the worker's next attempt.
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'push', fault: 'rate-limit' })
  const id = await fleet().send(aRequest(senderId))
  await fleet().sandbox.untilCalled(senderId, 'push 429')
  const { body } = await fleet().api('GET', `registration/line/${senderId}`)
  expect(body).toMatchObject({ ottPlatformAttributes: { channelId: senderId, isActive: true } })
  await fleet().registerSender('line', { id: senderId, isActive: 0 })
  expect(await fleet().settled(id)).toMatchObject({ event: 'Error', reason: 'sender', errorcode: 20002, attempts: 2 })
})

test('what is registered can be read again, but for its secrets', async () => {
  const senderId = await fleet().registerSender('line')
  const one = await fleet().api('GET', `registration/line/${senderId}`)
  const list = await fleet().api('GET', 'registration/line?$page=1&$pagesize=500')
  expect(one.body).toMatchObject({ ottPlatformAttributes: { channelName: 'Shop', isTestChannel: false } })
  expect(JSON.stringify([one.body, list.body])).toContain(senderId)
  expect(JSON.stringify([one.body, list.body])).not.toContain(`channel-secret-${senderId}`)
})
