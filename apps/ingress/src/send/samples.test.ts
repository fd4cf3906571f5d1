import { expect, test } from '@jest/globals'
import type { Content } from '@ott/delivery'

import { useIngress } from '../use-ingress.ts'
import { toLine, toMessenger } from './requests.ts'

const ingress = useIngress()

const media = 'https://example.com/media'

/** Contents as clients of the API send them, the names and types as in its samples, and what is queued. */
const forLine: [string, Record<string, unknown>, Content][] = [
  ['text', { type: 'text', text: 'Hello, world' }, { type: 'text', text: 'Hello, world' }],
  [
    'image',
    { type: 'image', url: `${media}/a.jpg`, altUrl: `${media}/b.jpg` },
    { type: 'image', url: `${media}/a.jpg`, previewUrl: `${media}/b.jpg` },
  ],
  [
    'image with alturl',
    { type: 'image', url: `${media}/a.jpg`, alturl: `${media}/b.jpg` },
    { type: 'image', url: `${media}/a.jpg`, previewUrl: `${media}/b.jpg` },
  ],
  [
    'video',
    { type: 'video', url: `${media}/a.mp4`, altUrl: `${media}/b.jpg` },
    { type: 'video', url: `${media}/a.mp4`, previewUrl: `${media}/b.jpg` },
  ],
  [
    'audio with its duration as a number',
    { type: 'audio', url: `${media}/a.m4a`, duration: 13141 },
    { type: 'audio', url: `${media}/a.m4a`, durationMs: 13141 },
  ],
  [
    'audio with its duration as a string',
    { type: 'audio', url: `${media}/a.m4a`, duration: '13141' },
    { type: 'audio', url: `${media}/a.m4a`, durationMs: 13141 },
  ],
  [
    'sticker',
    { type: 'native', nativePayload: { type: 'sticker', packageId: '446', stickerId: '1988' } },
    { type: 'native', payload: { type: 'sticker', packageId: '446', stickerId: '1988' } },
  ],
  [
    'location, as payload',
    {
      type: 'native',
      payload: { type: 'location', title: 'Shop', address: 'Tokyo', latitude: 35.65, longitude: 139.7 },
    },
    {
      type: 'native',
      payload: { type: 'location', title: 'Shop', address: 'Tokyo', latitude: 35.65, longitude: 139.7 },
    },
  ],
]

const template = {
  attachment: {
    type: 'template',
    payload: { template_type: 'button', text: 'Where to?', buttons: [{ type: 'web_url', url: media, title: 'There' }] },
  },
}

const forMessenger: [string, Record<string, unknown>, Content][] = [
  ['text', { type: 'text', text: 'Hello, world' }, { type: 'text', text: 'Hello, world' }],
  ...(['image', 'audio', 'video', 'file'] as const).map((type): [string, Record<string, unknown>, Content] => [
    type,
    { type, url: `${media}/a`, isReusable: true },
    { type, url: `${media}/a`, reusable: true },
  ]),
  ['attachmentId as a string', { type: 'image', attachmentId: '12345' }, { type: 'image', attachmentId: '12345' }],
  ['attachmentid as a number', { type: 'video', attachmentid: 12345 }, { type: 'video', attachmentId: '12345' }],
  ['isreusable as 1', { type: 'image', url: media, isreusable: 1 }, { type: 'image', url: media, reusable: true }],
  [
    'isReusable as "False"',
    { type: 'file', url: media, isReusable: 'False' },
    { type: 'file', url: media, reusable: false },
  ],
  ['template', { type: 'native', nativePayload: template }, { type: 'native', payload: template }],
  ['template, as payload', { type: 'native', payload: template }, { type: 'native', payload: template }],
]

test.each(forLine)('LINE takes %s', async (_what, content, queued) => {
  const { status } = await ingress.post('/ott/v1/send', toLine({ message: { contents: [content], customKeys: [] } }))
  expect(status).toBe(201)
  expect(ingress.queued[0]?.contents).toEqual([queued])
})

test.each(forMessenger)('Messenger takes %s', async (_what, content, queued) => {
  const message = { contents: [content], customKeys: [{ messagingType: 'RESPONSE' }] }
  expect((await ingress.post('/ott/v1/send', toMessenger({ message }))).status).toBe(201)
  expect(ingress.queued[0]?.contents).toEqual([queued])
})

test('LINE takes five contents, and keeps their order', async () => {
  const contents = ['1', '2', '3', '4', '5'].map((text) => ({ type: 'text', text }))
  expect((await ingress.post('/ott/v1/send', toLine({ message: { contents } }))).status).toBe(201)
  expect(ingress.queued[0]?.contents).toEqual(contents)
})

test('a whole request becomes a delivery without words of the wire', async () => {
  const body = toMessenger({
    messageGroupKey: 'spring',
    to: { ottId: '2468013579', userReference: 'ref-1' },
    message: {
      subject: 'Your order',
      contents: [{ type: 'text', text: 'On its way' }],
      customKeys: [
        { messagingType: 'Message_TAG' },
        { tag: 'HUMAN_AGENT' },
        { notificationType: 'SILENT_PUSH' },
        { crmId: 7 },
      ],
    },
  })
  const before = Date.now()
  await ingress.post('/ott/v1/send', body)
  const [delivery] = ingress.queued
  expect(delivery).toEqual({
    id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
    account: '7000001',
    network: 'messenger',
    sender: '100200300',
    recipient: { id: '2468013579', reference: 'ref-1' },
    contents: [{ type: 'text', text: 'On its way' }],
    key: 'order-4712',
    groupKey: 'spring',
    subject: 'Your order',
    validity: '30',
    purpose: 'tagged',
    tag: 'HUMAN_AGENT',
    alert: 'silent',
    extras: { crmId: 7 },
    createdAt: expect.any(Number),
  })
  expect(delivery?.createdAt).toBeGreaterThanOrEqual(before)
})

test.each([
  ['RESPONSE', 'response'],
  ['UPDATE', 'update'],
  ['message_tag', 'tagged'],
])('messagingType %s is the purpose %s', async (messagingType, purpose) => {
  const message = { contents: [{ type: 'text', text: 'Hello' }], customKeys: { messagingType, tag: 'HUMAN_AGENT' } }
  await ingress.post('/ott/v1/send', toMessenger({ message }))
  expect(ingress.queued[0]?.purpose).toBe(purpose)
})

test.each([
  ['REGULAR', 'regular'],
  ['SILENT_PUSH', 'silent'],
  ['no_push', 'none'],
])('notificationType %s is the alert %s, on LINE too', async (notificationType, alert) => {
  const message = { contents: [{ type: 'text', text: 'Hello' }], customKeys: [{ notificationType }] }
  await ingress.post('/ott/v1/send', toLine({ message }))
  expect(ingress.queued[0]?.alert).toBe(alert)
})
