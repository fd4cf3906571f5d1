import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import {
  type BatchRequest,
  type Client,
  createClient,
  type LineContent,
  type LineRequest,
  type MessengerContent,
  type MessengerRequest,
} from '@ott/client'

import { documentedExamples } from './documented-examples.ts'
import { aLineUser, aMessengerUser } from './people.ts'
import { useFleet } from './use-fleet.ts'

const fleet = useFleet()

/** As a producer has it, which found its id and secret in its environment. */
function open(secret = fleet().client.client_secret, id = fleet().client.client_id): Client {
  return createClient({ url: fleet().ingress.url, clientId: id, clientSecret: secret })
}

const lineRequest = (senderId: string, ottId: string, text = 'Hello'): LineRequest => ({
  messageKey: 'order-17',
  from: { senderType: 'line', senderId },
  to: { ottId },
  message: { contents: [{ type: 'text', text }] },
  validityPeriod: 'PT5M',
})

test('a message sent with the client reaches the person, on LINE and on Messenger', async () => {
  const client = open()
  const [onLine, onMessenger] = [aLineUser(), aMessengerUser()]
  const toLine = lineRequest(await fleet().registerSender('line'), onLine)
  const toMessenger: MessengerRequest = {
    messageKey: 'order-18',
    from: { senderType: 'messenger', senderId: await fleet().registerSender('messenger') },
    to: { ottId: onMessenger },
    message: { contents: [{ type: 'text', text: 'Hello' }], customKeys: [{ messagingType: 'RESPONSE' }] },
    validityPeriod: 'PT5M',
  }
  const accepted = await client.send(toLine)
  expect(await client.waitUntilSent(accepted.ottRequestId)).toMatchObject({
    requestBody: { ...toLine, ottRequestId: accepted.ottRequestId },
    sent: { event: 'Sent', via: 'push', messageIds: [expect.any(String)] },
    attempts: [{ outcome: 'accepted' }],
  })
  await client.send(toMessenger)
  expect(await client.waitUntilSent('order-18')).toMatchObject({ sent: { via: 'send' } })
  for (const person of [onLine, onMessenger]) expect(await fleet().sandbox.received(person)).toHaveLength(1)
})

const file = 'https://files.example/a'

/** Each type of content that the client's types have for LINE, with no more than they ask for. */
const lineContents: { readonly [Type in LineContent['type']]: LineContent & { readonly type: Type } } = {
  text: { type: 'text', text: 'Hello' },
  image: { type: 'image', url: `${file}.jpg`, altUrl: `${file}.jpg` },
  audio: { type: 'audio', url: `${file}.m4a`, duration: 1000 },
  video: { type: 'video', url: `${file}.mp4`, altUrl: `${file}.jpg` },
  native: { type: 'native', nativePayload: { type: 'sticker', packageId: '446', stickerId: '1988' } },
}

/** Likewise for Messenger. */
const messengerContents: { readonly [Type in MessengerContent['type']]: MessengerContent & { readonly type: Type } } = {
  text: { type: 'text', text: 'Hello' },
  image: { type: 'image', url: `${file}.jpg` },
  audio: { type: 'audio', url: `${file}.m4a`, isReusable: true },
  video: { type: 'video', attachmentId: '1745504518999123' },
  file: { type: 'file', url: `${file}.pdf` },
  native: { type: 'native', nativePayload: { text: 'Hello' } },
}

type MessengerKeys = MessengerRequest['message']['customKeys'][0]
const messengerKeys: { readonly [Why in MessengerKeys['messagingType']]: MessengerKeys } = {
  RESPONSE: { messagingType: 'RESPONSE', notificationType: 'REGULAR' },
  UPDATE: { messagingType: 'UPDATE', notificationType: 'SILENT_PUSH' },
  MESSAGE_TAG: { messagingType: 'MESSAGE_TAG', tag: 'ACCOUNT_UPDATE', notificationType: 'NO_PUSH' },
}

test('what the client’s types allow is accepted, and they know each type of content that is', async () => {
  const [lineSender, messengerSender] = await Promise.all([
    fleet().registerSender('line'),
    fleet().registerSender('messenger'),
  ])
  const toLine = Object.values(lineContents).map((content, index): BatchRequest => {
    const customKeys = [{ notificationType: 'NO_PUSH', campaign: 'spring' }] as const
    const message = { contents: [content], customKeys } as const
    return Object.assign(lineRequest(lineSender, aLineUser()), { validityPeriod: index, message })
  })
  const toMessenger: BatchRequest[] = Object.values(messengerContents).flatMap((content) =>
    Object.values(messengerKeys).map((keys) => ({
      messageKey: 'order-18',
      messageGroupKey: 'orders',
      from: { senderType: 'messenger', senderId: messengerSender },
      to: { userReference: aMessengerUser() },
      message: { subject: 'Your order', contents: [content], customKeys: [keys, { campaign: 'spring' }] },
      validityPeriod: 'PT5M',
    })),
  )
  const items = await open().sendBatch([...toLine, ...toMessenger])
  expect(items.flatMap((item) => (item.accepted ? [] : [item.error.message]))).toEqual([])
  const documented = [...(await documentedExamples(fleet().ingress.url)).sent('/ott/v1/send').keys()]
  const known = [
    Object.keys(lineContents).map((type) => `line-${type}`),
    Object.keys(messengerContents).map((type) => `messenger-${type}`),
  ]
  expect(known.flat().toSorted()).toEqual(documented.toSorted())
})

test('a send that is repeated with its key is one delivery', async () => {
  const client = open()
  const request = lineRequest(await fleet().registerSender('line'), aLineUser())
  const first = await client.send(request, { idempotencyKey: 'order "17", once' })
  expect(first.replayed).toBe(false)
  expect(await client.send(request, { idempotencyKey: 'order "17", once' })).toEqual({ ...first, replayed: true })
  await expect(
    client.send({ ...request, messageKey: 'another' }, { idempotencyKey: 'order "17", once' }),
  ).rejects.toMatchObject({ status: 422, errorcode: 30004, retryable: false })
})

test('of a batch each request is answered in its place, and those that were accepted arrive', async () => {
  const client = open()
  const senderId = await fleet().registerSender('line')
  const people = [aLineUser(), aLineUser(), aLineUser()]
  const [first, second, third] = people.map((person) => lineRequest(senderId, person))
  if (first === undefined || second === undefined || third === undefined) throw new Error('there are three people')
  const wrong = lineRequest('404', aLineUser())
  const items = await client.sendBatch([first, wrong, second, { ...third, idempotencyKey: 'third' }])
  expect(items).toMatchObject([
    { accepted: true },
    { accepted: false, error: { status: 400, validationErrors: [{ errorcode: 10005 }], retryable: false } },
    { accepted: true },
    { accepted: true, replayed: false },
  ])
  expect(await client.sendBatch([{ ...third, idempotencyKey: 'third' }])).toEqual([{ ...items[3], replayed: true }])
  for (const person of people) await fleet().sandbox.untilReceived(person)
})

test('a delivery that fails rejects with the reason', async () => {
  const client = open()
  const { ottRequestId } = await client.send(lineRequest(await fleet().registerSender('line'), 'nobody'))
  await expect(client.waitUntilSent(ottRequestId)).rejects.toMatchObject({
    name: 'DeliveryFailed',
    reason: 'recipient',
  })
})

test('what a client may not do, or does not have, is told', async () => {
  await expect(open('wrong').status('order-17')).rejects.toMatchObject({ name: 'OttError', status: 401 })
  await expect(open().status('nothing')).rejects.toMatchObject({ status: 404, errorcode: 30003, retryable: false })
})

test('a client above its rate gets everything through, later', async () => {
  const scope = 'ott_chat_messaging_send'
  const args = [
    'client',
    'create',
    '--name',
    'slow',
    '--account',
    'shop',
    '--scope',
    scope,
    '--requests-per-second',
    '5',
  ]
  const made: { client_id: string; client_secret: string } = JSON.parse(await fleet().ott(...args, '--json'))
  const client = open(made.client_secret, made.client_id)
  const [senderId, person] = [await fleet().registerSender('line'), aLineUser()]
  await Promise.all(Array.from({ length: 12 }, () => client.send(lineRequest(senderId, person))))
  const items = await client.sendBatch(Array.from({ length: 8 }, () => lineRequest(senderId, person)))
  expect(items.map(({ accepted }) => accepted)).toEqual(Array.from({ length: 8 }, () => true))
  await untilTrue(async () => (await fleet().sandbox.received(person)).length === 20)
})

test('what is sent while the ingress is killed and started again arrives, and nobody is written to twice', async () => {
  const { ingress, client: by } = fleet()
  // A busy machine takes its time to start one.
  const options = { clientId: by.client_id, clientSecret: by.client_secret, retries: 10, longestWaitMs: 1000 }
  const client = createClient({ url: ingress.url, ...options })
  const [senderId, person] = [await fleet().registerSender('line'), aLineUser()]
  const half = 100
  const sendHalf = () =>
    Promise.all(
      Array.from({ length: half }, (_each, number) => client.send(lineRequest(senderId, person, `${number}`))),
    )
  const before = sendHalf()
  await fleet().sandbox.untilReceived(person)
  await fleet().kill(ingress)
  const meanwhile = sendHalf()
  fleet().useIngress(await fleet().addIngress({ PORT: new URL(ingress.url).port }))
  const ids = [...(await before), ...(await meanwhile)].map(({ ottRequestId }) => ottRequestId)
  expect(new Set(ids).size).toBe(2 * half)
  for (const id of ids) await client.waitUntilSent(id)
  expect(await fleet().sandbox.received(person)).toHaveLength(2 * half)
})
