import { expect, test } from '@jest/globals'
import { Content, type NetworkDefinition } from '@ott/delivery'
import { networks } from '@ott/networks'

import { readDocument } from './api-document/documented-operations.ts'
import { aSender, problemsOf, useIngress } from './use-ingress.ts'

/** A network that the ingress has never heard of, and that agrees with neither of the others. */
const telegraph: NetworkDefinition = {
  title: 'Telegraph',
  apiVersion: 'v1',
  senderAttributes: [
    { name: 'isOpen', kind: 'flag', required: true },
    { name: 'stationKey', kind: 'secret', required: true },
    { name: 'stationId', kind: 'text', required: true },
    { name: 'town', kind: 'text', required: false },
  ],
  senderId: 'stationId',
  addressedBy: 'id or reference',
  contentTypes: ['text', 'file'],
  contentsMax: 2,
  takesAttachmentIds: true,
  needsPurpose: false,
  limits: Content.superRefine((content, context) => {
    if (content.type === 'text' && /[a-z]/.test(content.text))
      context.addIssue({ code: 'custom', path: ['text'], message: 'must be in capitals' })
    if (content.type === 'file' && content.reusable === undefined)
      context.addIssue({ code: 'custom', path: ['reusable'], message: 'must be provided', params: { missing: true } })
  }),
  concurrency: 1,
  isReply: () => false,
  pace: () => undefined,
  open: () => {
    throw new Error('the ingress opens no network')
  },
}

const ingress = useIngress({ networks: { ...networks, Telegraph: telegraph }, endpointHosts: ['telegraph.example'] })

const stationId = 'Baker Street'
const send = (changes: Record<string, unknown>) =>
  ingress.post('/ott/v1/send', {
    messageKey: 'k',
    from: { senderType: 'telegraph', senderId: stationId },
    to: { userReference: 'Mr Holmes' },
    message: { contents: [{ type: 'text', text: 'COME AT ONCE' }] },
    validityPeriod: '1',
    ...changes,
  })
const open = () => ingress.senders.set(`Telegraph:${stationId}`, aSender({ network: 'Telegraph', id: stationId }))

test('a third network takes deliveries by its own rules', async () => {
  open()
  const message = {
    contents: [
      { type: 'TEXT', text: 'COME' },
      { type: 'file', attachmentId: 7, isReusable: 1 },
    ],
  }
  expect((await send({ message })).status).toBe(201)
  expect(ingress.queued).toMatchObject([
    {
      network: 'Telegraph',
      sender: stationId,
      recipient: { reference: 'Mr Holmes' },
      contents: [
        { type: 'text', text: 'COME' },
        { type: 'file', attachmentId: '7', reusable: true },
      ],
    },
  ])
})

test('what a third network does not take is told in the words of the API', async () => {
  open()
  const contents = [
    { type: 'text', text: 'Come' },
    { type: 'image', url: 'x' },
    { type: 'file', attachmentId: 'x' },
  ]
  expect(problemsOf(await send({ to: {}, message: { contents } }))).toEqual([
    '10005 Message object cannot contain more than 2 message objects',
    '10002 Either OttId or UserReference must be provided in the To object',
    '10005 Content Type is invalid (content 2)',
    '10005 Text must be in capitals for Text type Message Content (content 1)',
    '10002 IsReusable must be provided for File type Message Content (content 3)',
  ])
})

test('a third network registers senders by its own attributes, and shows them without secrets', async () => {
  const register = (ottPlatformAttributes: unknown) =>
    ingress.post('/ott/v1/registration', { ottPlatformName: 'TELEGRAPH', ottPlatformAttributes })
  expect(problemsOf(await register({ isActive: 1, endpointUrl: 'https://telegraph.example/v9/send' }))).toEqual([
    '10002 isOpen must be provided',
    '10002 StationKey must be provided',
    '10002 StationId must be provided',
  ])
  const endpointUrl = 'https://telegraph.example/v9/send'
  expect((await register({ isActive: 1, endpointUrl, isOpen: 0, stationKey: 'hush', stationId })).status).toBe(201)
  expect(
    (await ingress.request('GET', `/ott/v1/registration/telegraph/${encodeURIComponent(stationId)}`)).json,
  ).toEqual({
    ottPlatformName: 'Telegraph',
    ottPlatformAttributes: { isOpen: false, stationId, endpointUrl, isActive: true, apiVersion: 'v9' },
  })
})

test('a third network is in the API’s document by its own rules, with examples that it takes', async () => {
  ingress.senders.set('Telegraph:1234567890', aSender({ network: 'Telegraph', id: '1234567890' }))
  const { operations, schemas } = readDocument((await ingress.request('GET', '/openapi.json')).json)
  expect(schemas).toMatchObject({
    TelegraphSendRequest: { properties: { message: { properties: { contents: { maxItems: 2 } } } } },
    TelegraphFileContent: { required: ['type', 'isReusable'], anyOf: [expect.anything(), expect.anything()] },
    TelegraphRegistrationRequest: expect.anything(),
  })
  const { requestBody } = operations.find(({ operationId }) => operationId === 'send') ?? {}
  const examples = Object.entries(requestBody?.content['application/json']?.examples ?? {})
  const own = examples.filter(([name]) => name.startsWith('Telegraph'))
  expect(own.map(([name]) => name)).toEqual(['Telegraph-text', 'Telegraph-file'])
  for (const [, { value }] of own) expect((await ingress.post('/ott/v1/send', value)).status).toBe(201)
})
