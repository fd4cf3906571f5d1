import { expect, test } from '@jest/globals'
import type { Delivery } from '@ott/delivery'

import { aDelivery } from '../a-delivery.ts'
import { push, sent, tokens, useScriptedLine } from './scripted-line.ts'

const line = useScriptedLine()
const hourMs = 60 * 60 * 1000
const doubtful = (hours: number) => ({ earlier: { inDoubt: false, doubtfulSince: Date.now() - hours * hourMs } })

test('a push carries the delivery’s id as retry key from its first attempt, and every repeat is the same', async () => {
  line.script(push, { status: 500 }, 'hang up', sent)
  const delivery = aDelivery()
  expect(await line.deliver(delivery)).toMatchObject({ outcome: 'accepted' })
  const calls = line.calls(push)
  expect(calls.map(({ headers }) => headers['x-line-retry-key'])).toEqual([delivery.id, delivery.id, delivery.id])
  expect(new Set(calls.map(({ text }) => text)).size).toBe(1)
})

test('a push that LINE had already accepted is a success with the original ids', async () => {
  line.script(push, {
    status: 409,
    headers: { 'x-line-request-id': 'r-2', 'x-line-accepted-request-id': 'r-1' },
    body: {
      message: 'The retry key is already accepted',
      sentMessages: [{ id: '461230966842064897', quoteToken: 'q' }],
    },
  })
  expect(await line.deliver(aDelivery())).toEqual({
    outcome: 'accepted',
    via: 'push',
    messageIds: ['461230966842064897'],
    requestId: 'r-1',
  })
})

test('a push is the same to the letter in every attempt, by whichever worker', async () => {
  line.script(push, { status: 500 })
  const delivery: Delivery = aDelivery({
    alert: 'silent',
    contents: [
      { type: 'text', text: 'Grüße 🍎' },
      { type: 'image', url: 'https://example.com/ü', previewUrl: 'https://example.com/p' },
      { type: 'native', payload: { type: 'sticker', stickerId: '2', packageId: '1' } },
    ],
  })
  await line.deliver(delivery)
  await line.deliver(JSON.parse(JSON.stringify(delivery)), doubtful(1))
  const calls = line.calls(push)
  expect(calls).toHaveLength(8)
  expect(new Set(calls.map(({ text }) => text)).size).toBe(1)
  expect(new Set(calls.map(({ headers }) => headers['x-line-retry-key']))).toEqual(new Set([delivery.id]))
})

test('a push that may have been taken is repeated as long as LINE knows its retry key, and then never', async () => {
  line.script(push, sent)
  expect(await line.deliver(aDelivery(), doubtful(23.5))).toMatchObject({ outcome: 'accepted' })
  expect(await line.deliver(aDelivery(), doubtful(23.9))).toMatchObject({ outcome: 'refused', reason: 'ambiguous' })
  expect(line.calls(push)).toHaveLength(1)
})

test('a push that LINE never took may be made however late', async () => {
  line.script(push, sent)
  expect(await line.deliver(aDelivery({ createdAt: Date.now() - 48 * hourMs }))).toMatchObject({ outcome: 'accepted' })
})

test('trouble at the token endpoint leaves no doubt: nothing was pushed', async () => {
  line.script(tokens, { status: 503 })
  const receipt = await line.deliver(aDelivery())
  expect(receipt).toMatchObject({ outcome: 'deferred', reason: 'unavailable' })
  expect(receipt).not.toHaveProperty('inDoubt')
})
