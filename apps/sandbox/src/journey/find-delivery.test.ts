import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { type AskingSandbox, openAskingSandbox, sentDelivery } from '../test-dispatcher.ts'
import { hello } from '../test-sandbox.ts'
import { somebody } from '../test-chats.ts'

let sandbox: AskingSandbox
let now: number
beforeEach(async () => {
  now = Date.parse('2026-10-01T10:00:01Z')
  sandbox = await openAskingSandbox({ now: () => now })
})
afterEach(() => sandbox.close())

const [first, second] = ['5b0f7c1e-0a0b-4c43-9a53-2f0d4d6f4a10', '6c1f8d2e-0a0b-4c43-9a53-2f0d4d6f4a10']
const bagAlone = { attachment: { type: 'image', payload: { url: 'https://shop.test/bag.png' } } }

async function write(): Promise<string> {
  const written = { network: 'line', person: somebody.line, text: 'Hi' }
  return z.object({ replyToken: z.string() }).parse(await sandbox.control('/written', written)).replyToken
}

/** The ids that a call of LINE's was answered with. */
function idsOf({ body }: { body: unknown }): string[] {
  const { sentMessages } = z.object({ sentMessages: z.array(z.object({ id: z.string() })) }).parse(body)
  return sentMessages.map(({ id }) => id)
}

test('a reply is known by the ids that it was answered with, and has the calls with its token, which is never told', async () => {
  const replyToken = await write()
  await sandbox.control('/faults', { network: 'line', fault: 'server-error' })
  expect(await sandbox.reply(replyToken, [hello])).toMatchObject({ status: 500 })
  const messageIds = idsOf(await sandbox.reply(replyToken, [hello]))
  sandbox.dispatcher.tell(
    'hello-line',
    sentDelivery(first, { via: 'reply', messageIds }, { userReference: replyToken }),
  )
  const journey = await sandbox.control('/journeys/1')
  expect(journey).toMatchObject({
    entry: { via: 'reply', mark: 'reply token 1' },
    calls: [{ status: 500 }, { status: 200 }],
    dispatcher: { status: [{ event: 'Created' }, { event: 'Queued' }, { event: 'Sent', via: 'reply', messageIds }] },
  })
  expect(JSON.stringify(journey)).not.toContain(replyToken)
})

test('a reply stays known when its key and its token are used again', async () => {
  const replyToken = await write()
  const to = { userReference: replyToken }
  const messageIds = idsOf(await sandbox.reply(replyToken, [hello]))
  sandbox.dispatcher.tell('hello-line', sentDelivery(first, { via: 'reply', messageIds }, to))
  sandbox.dispatcher.tell(first, sentDelivery(first, { via: 'reply', messageIds }, to))
  await sandbox.control('/journeys/1')

  now = Date.parse('2026-10-01T10:00:05Z')
  expect(await sandbox.reply(replyToken, [hello])).toMatchObject({ status: 400 })
  const again = idsOf(await sandbox.push([hello], { retryKey: second }))
  const repeat = sentDelivery(second, { via: 'push', messageIds: again, eventDateTime: '2026-10-01T10:00:05.100Z' }, to)
  repeat.status[0] = { event: 'Created', eventDateTime: '2026-10-01T10:00:04.900Z' }
  for (const key of ['hello-line', second]) sandbox.dispatcher.tell(key, repeat)

  expect(await sandbox.control('/journeys/1')).toMatchObject({
    calls: [{ operation: 'reply', status: 200 }],
    dispatcher: { status: [{}, {}, { via: 'reply' }] },
  })
  // The reply that was refused before it belongs to the push.
  expect(await sandbox.control('/journeys/2')).toMatchObject({
    calls: [
      { operation: 'reply', status: 400 },
      { operation: 'push', status: 200 },
    ],
    dispatcher: { status: [{}, {}, { via: 'push' }] },
  })
})

test('a reply is found by itself while its key is still its own', async () => {
  const messageIds = idsOf(await sandbox.reply(await write(), [hello]))
  sandbox.dispatcher.tell('hello-line', sentDelivery(first, { via: 'reply', messageIds }))
  sandbox.dispatcher.tell(first, sentDelivery(first, { via: 'reply', messageIds }))
  const before = sandbox.dispatcher.asked.length
  await untilTrue(() => sandbox.dispatcher.asked.slice(before).some((call) => call.includes('/send/hello-line')))
  sandbox.dispatcher.tell('hello-line', sentDelivery(second, { via: 'push', messageIds: ['1'] }))
  await untilTrue(async () => JSON.stringify(await sandbox.control('/journeys/1')).includes('"Sent"'))
})

test('a reply whose answer was lost is known by its token', async () => {
  const replyToken = await write()
  await sandbox.control('/faults', { network: 'line', fault: 'drop-after' })
  await sandbox.reply(replyToken, [hello]).catch(() => undefined)
  const sent = { via: 'reply', messageIds: [], confirmed: false }
  sandbox.dispatcher.tell('hello-line', sentDelivery(first, sent, { userReference: await write() }))
  expect(await sandbox.control('/journeys/1')).toMatchObject({ dispatcher: { asksWhich: true } })
  sandbox.dispatcher.tell('order-1', sentDelivery(first, sent, { userReference: replyToken }))
  expect(await sandbox.control('/journeys/1?delivery=order-1')).toMatchObject({
    calls: [{ status: null, fault: 'drop-after' }],
    dispatcher: { status: [{}, {}, { confirmed: false }] },
  })
})

test('a native Messenger payload has the calls that carried it, and who names its delivery is told of it and of no other', async () => {
  await sandbox.control('/faults', { network: 'messenger', fault: 'server-error' })
  for (const status of [500, 200]) expect(await sandbox.send(bagAlone)).toMatchObject({ status })
  await sandbox.send({ text: 'another' })
  expect(await sandbox.control('/journeys/1')).toMatchObject({
    calls: [{ status: 500 }, { status: 200 }],
    dispatcher: { unknown: expect.stringContaining('a native payload goes as it is'), asksWhich: true },
  })
  const { entry } = z
    .object({ entry: z.object({ messageIds: z.array(z.string()) }) })
    .parse(await sandbox.control('/journeys/1'))
  sandbox.dispatcher.tell('order/1', sentDelivery(first, { via: 'send', messageIds: entry.messageIds }))
  sandbox.dispatcher.tell(first, sentDelivery(first, { via: 'send', messageIds: entry.messageIds }))
  const named = (sequence: number, delivery: string) =>
    sandbox.control(`/journeys/${sequence}?delivery=${encodeURIComponent(delivery)}`)
  expect(await named(2, 'order/1')).toMatchObject({
    dispatcher: { unknown: expect.stringContaining('order/1 is not what brought it'), asksWhich: true },
  })
  expect(await named(1, 'order/1')).toMatchObject({ dispatcher: { status: [{}, {}, { via: 'send' }] } })
  // Once found, it need not be named again.
  expect(await sandbox.control('/journeys/1')).toMatchObject({
    calls: [{ status: 500 }, { status: 200 }],
    dispatcher: { status: [{}, {}, { via: 'send' }] },
  })
})
