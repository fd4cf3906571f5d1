import { expect, test } from '@jest/globals'
import { z } from 'zod'

import { Content } from './content.ts'
import { Delivery } from './delivery.ts'
import { defineNetwork, noEarlier, type Sender } from './network.ts'

const pigeon = defineNetwork({
  title: 'Pigeon',
  apiVersion: 'v1',
  senderAttributes: [{ name: 'loftKey', kind: 'secret', required: true }],
  senderId: 'loftId',
  addressedBy: 'id',
  contentTypes: ['text'],
  contentsMax: 1,
  takesAttachmentIds: false,
  needsPurpose: false,
  limits: Content,
  concurrency: 1,
  isReply: () => false,
  pace: () => undefined,
  credentials: z.object({ loftKey: z.string(), endpointUrl: z.url() }),
  open: ({ loftKey, endpointUrl }) => ({
    deliver: async () => ({ outcome: 'accepted', via: `${loftKey} to ${endpointUrl}`, messageIds: [] }),
    check: () => noExchange(),
  }),
})

const sender: Sender = {
  account: 'shop',
  network: 'pigeon',
  id: 'loft-1',
  active: true,
  endpointUrl: 'https://loft.example',
  attributes: { loftKey: 'corn', colour: 'grey' },
  revision: '1',
}

const delivery: Delivery = {
  id: '7f0c1a52-9d1e-4c39-8f5e-2a0f5b1c6d7e',
  account: 'shop',
  network: 'pigeon',
  sender: 'loft-1',
  recipient: { id: 'roof-1' },
  contents: [
    { type: 'text', text: 'Grüße 🕊️' },
    { type: 'native', payload: { __proto__: null, deep: [{ number: 1.5, nothing: null }] } },
  ],
  key: 'order-1',
  validity: '30',
  createdAt: 1_700_000_000_000,
}

const noExchange = (): Promise<never> => Promise.reject(new Error('no call is made here'))

test('a network is opened with the credentials that it asks for, and with the endpoint', async () => {
  const receipt = await pigeon.open(sender, noExchange).deliver(delivery, {
    signal: new AbortController().signal,
    earlier: noEarlier,
    record: async () => undefined,
  })
  expect(receipt).toMatchObject({ via: 'corn to https://loft.example' })
})

test('a sender that lacks what the network asks for is told by name, without a value', () => {
  const lacking = { ...sender, attributes: { colour: 'grey' } }
  expect(() => pigeon.open(lacking, noExchange)).toThrow(/^(?![^]*grey)[^]*loftKey/)
})

test('a delivery comes out of JSON as it went in', () => {
  expect(Delivery.parse(JSON.parse(JSON.stringify(delivery)))).toEqual(JSON.parse(JSON.stringify(delivery)))
})

test('a delivery without contents is none', () => {
  expect(Delivery.safeParse({ ...delivery, contents: [] }).success).toBe(false)
})
