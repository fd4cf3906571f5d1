import { expect, test } from '@jest/globals'

import { aLineConversation, aMessengerConversation } from './conversation.ts'
import { useFleet } from './use-fleet.ts'

const fleet = useFleet({ env: { LOCK_MS: '2000', NETWORK_TIMEOUT_MS: '1500', STOP_LIMIT_MS: '2000' } })

const vias = async (ottId: string) => (await fleet().sandbox.received(ottId)).map(({ via }) => via)

test('a LINE push whose answer is lost is repeated, and reaches the person once', async () => {
  const { senderId, ottId, request } = await aLineConversation(fleet())
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'push', fault: 'drop-after' })
  const sent = await fleet().settled(await fleet().send(request()))
  const [entry, ...more] = await fleet().sandbox.received(ottId)
  expect(more).toEqual([])
  expect(sent).toMatchObject({ event: 'Sent', via: 'push', messageIds: entry?.messageIds })
})

test('a LINE reply whose answer is lost is not followed by a push, and its status says that it was not confirmed', async () => {
  const { senderId, ottId, request } = await aLineConversation(fleet())
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'reply', fault: 'drop-after' })
  const to = { userReference: await fleet().sandbox.replyToken(ottId) }
  const id = await fleet().send(request(to))
  expect(await fleet().settled(id)).toMatchObject({ event: 'Sent', via: 'reply', confirmed: false })
  expect(await vias(ottId)).toEqual(['reply'])
  expect(await fleet().sandbox.calls(senderId)).not.toContain('push 200')
})

test('a channel can have such a reply end in an Error instead', async () => {
  const { senderId, ottId, request } = await aLineConversation(fleet(), { unconfirmedReply: 'error' })
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'reply', fault: 'drop-after' })
  const to = { userReference: await fleet().sandbox.replyToken(ottId) }
  expect(await fleet().settled(await fleet().send(request(to)))).toMatchObject({ event: 'Error', reason: 'ambiguous' })
  expect(await vias(ottId)).toEqual(['reply'])
})

test('a reply that was lost before LINE had it is made again', async () => {
  const { senderId, ottId, request } = await aLineConversation(fleet())
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'reply', fault: 'drop-before' })
  const to = { userReference: await fleet().sandbox.replyToken(ottId) }
  expect(await fleet().settled(await fleet().send(request(to)))).toMatchObject({ event: 'Sent', via: 'reply' })
  expect(await vias(ottId)).toEqual(['reply'])
})

test('a worker killed between a reply and its bookkeeping leaves a delivery that the next one does not push', async () => {
  const { senderId, ottId, request } = await aLineConversation(fleet())
  const fault = { network: 'line', sender: senderId, operation: 'reply', fault: 'slow-answer', delayMs: 1200 }
  await fleet().sandbox.fault(fault)
  const doomed = await fleet().addWorker('line')
  await fleet().stopOne(fleet().worker('line'))
  const to = { userReference: await fleet().sandbox.replyToken(ottId) }
  const id = await fleet().send(request(to))
  await fleet().sandbox.untilReceived(ottId)
  await fleet().kill(doomed)
  await fleet().addWorker('line')
  expect(await fleet().settled(id)).toMatchObject({ event: 'Sent', confirmed: false })
  expect(await vias(ottId)).toEqual(['reply'])
  expect(await fleet().attempts(id)).toMatchObject([{ outcome: 'interrupted' }, { outcome: 'accepted' }])
})

test('a Messenger send whose answer is lost is made again, since the Page wants each message at least once', async () => {
  const { senderId, ottId, request } = await aMessengerConversation(fleet())
  await fleet().sandbox.fault({ network: 'messenger', sender: senderId, fault: 'drop-after' })
  const id = await fleet().send(request())
  expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
  expect(await vias(ottId)).toEqual(['send', 'send'])
  expect(await fleet().attempts(id)).toMatchObject([
    { outcome: 'deferred', reason: 'no-answer', attemptDateTime: expect.stringMatching(/Z$/) },
    { outcome: 'accepted' },
  ])
})

test('for a Page that wants each message at most once it ends in an Error, and is not made again', async () => {
  const { senderId, ottId, request } = await aMessengerConversation(fleet(), { unknownOutcome: 'error' })
  await fleet().sandbox.fault({ network: 'messenger', sender: senderId, fault: 'drop-after' })
  expect(await fleet().settled(await fleet().send(request()))).toMatchObject({ event: 'Error', reason: 'ambiguous' })
  expect(await vias(ottId)).toEqual(['send'])
})

test('a worker killed between such a Page’s send and its bookkeeping leaves an Error, and no second message', async () => {
  const { senderId, ottId, request } = await aMessengerConversation(fleet(), { unknownOutcome: 'error' })
  await fleet().sandbox.fault({ network: 'messenger', sender: senderId, fault: 'slow-answer', delayMs: 1200 })
  const id = await fleet().send(request())
  await fleet().sandbox.untilReceived(ottId)
  await fleet().kill(fleet().worker('messenger'))
  await fleet().addWorker('messenger')
  expect(await fleet().settled(id)).toMatchObject({ event: 'Error', reason: 'ambiguous' })
  expect(await vias(ottId)).toEqual(['send'])
})
