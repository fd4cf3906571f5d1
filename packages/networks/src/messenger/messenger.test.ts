import { expect, test } from '@jest/globals'

import { aDelivery } from '../a-delivery.ts'
import { keepsNetworkContract } from '../network-contract.ts'
import { messenger as definition } from './messenger.ts'
import { attributes, graphError, send, sent, useScriptedMessenger } from './scripted-messenger.ts'

keepsNetworkContract('Messenger', {
  definition,
  endpointPath: send,
  attributes,
  deliverPath: send,
  accepted: { script: sent, messageId: 'm_AbC' },
  throttled: { status: 400, body: graphError(613) },
  refused: (quoting) => ({
    status: 400,
    body: graphError(190, undefined, { message: `Malformed access token ${quoting}` }),
  }),
  recording: { attributes: { ...attributes, unknownOutcome: 'error' } },
})

const messenger = useScriptedMessenger()

test('a call without an answer is not made again within the attempt: nothing tells Messenger that it is the same', async () => {
  messenger.script(send, 'hang up')
  await expect(messenger.deliver(aDelivery())).rejects.toMatchObject({ name: 'NoAnswer' })
  expect(messenger.calls(send)).toHaveLength(1)
})

test('a recipient known by user_ref alone is answered without a recipient_id', async () => {
  messenger.script(send, { status: 200, body: { message_id: 'm_1' } })
  expect(await messenger.deliver(aDelivery({ recipient: { reference: 'checkbox-1' } }))).toMatchObject({
    messageIds: ['m_1'],
  })
})
