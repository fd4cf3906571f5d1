import { expect, test } from '@jest/globals'

import { problemsOf, useIngress } from '../use-ingress.ts'

const ingress = useIngress()

const ofLine = {
  endpointUrl: 'https://api.line.me',
  isActive: true,
  channelId: '1656000001',
  channelName: 'Shop',
  channelSecret: 'line-secret',
  isTransactional: 0,
  isTestChannel: 1,
}
const ofMessenger = {
  endpointUrl: 'https://graph.facebook.com/v25.0/me/messages',
  isActive: 1,
  applicationId: '111',
  applicationSecret: 'app-secret',
  pageId: '222',
  pageName: 'Page',
  pageAccessToken: 'page-token',
  callbackVerifyToken: 'verify-token',
}
const line = (changes: Record<string, unknown> = {}) => ({
  ottPlatformName: 'line',
  ottPlatformAttributes: { ...ofLine, ...changes },
})
const messenger = (changes: Record<string, unknown> = {}) => ({
  ottPlatformName: 'messenger',
  ottPlatformAttributes: { ...ofMessenger, ...changes },
})
const register = (body: unknown) => ingress.post('/ott/v1/registration', body)

test('a LINE sender is registered, and answered with nothing', async () => {
  const answer = await register(line())
  expect(answer).toMatchObject({ status: 201, text: '' })
  expect(ingress.senders.get('line:1656000001')).toMatchObject({
    network: 'line',
    id: '1656000001',
    active: true,
    endpointUrl: 'https://api.line.me',
    attributes: {
      channelId: '1656000001',
      channelName: 'Shop',
      channelSecret: 'line-secret',
      isTransactional: false,
      isTestChannel: true,
    },
  })
})

test('a Messenger sender is registered under its page', async () => {
  expect((await register(messenger())).status).toBe(201)
  const { endpointUrl: _endpointUrl, isActive: _isActive, ...attributes } = ofMessenger
  expect(ingress.senders.get('messenger:222')).toMatchObject({ active: true, attributes })
})

test('names may come in any case, numbers for strings, and attributes that nobody knows are ignored', async () => {
  const { status } = await register({
    OTTPLATFORMNAME: 'Line',
    ottplatformattributes: {
      EndpointURL: 'https://api.line.me/v2/bot/message',
      ISACTIVE: '0',
      channelid: 1656000002,
      ChannelName: 'Shop',
      CHANNELSECRET: 'line-secret',
      istransactional: 'TRUE',
      IsTestChannel: false,
      customerconnectsecret: 'connect-secret',
      region: { of: 'nowhere' },
    },
  })
  expect(status).toBe(201)
  const sender = ingress.senders.get('line:1656000002')
  expect(sender).toMatchObject({ active: false, attributes: { isTransactional: true, isTestChannel: false } })
  expect(sender?.attributes).toHaveProperty('customerConnectSecret', 'connect-secret')
  expect(sender?.attributes).not.toHaveProperty('region')
})

const notAllowed = (host: string) =>
  `10005 EndpointUrl is invalid: it must be an https URL at ${host} (those with a port may be plain http)`
const elsewhere = notAllowed('api.line.me or graph.facebook.com or 127.0.0.1:8082')

/** What is wrong with the body, the body, and all that is told, in its order. */
const rows: [string, unknown, ...string[]][] = [
  ['an unknown platform', { ...line(), ottPlatformName: 'telegram' }, '10005 OttPlatformName is invalid'],
  ['no platform', { ...line(), ottPlatformName: '' }, '10002 OttPlatformName must be provided'],
  ['a platform that is a list', { ...line(), ottPlatformName: [] }, '10001 OttPlatformName must be a string'],
  [
    'a platform that cannot be turned into a text',
    { ...line(), ottPlatformName: { toString: 1 } },
    '10001 OttPlatformName must be a string',
  ],
  ['no attributes', { ottPlatformName: 'line' }, '10002 OttPlatformAttributes is invalid'],
  [
    'attributes that are a text',
    { ottPlatformName: 'line', ottPlatformAttributes: 'x' },
    '10001 OttPlatformAttributes is invalid',
  ],
  [
    'attributes that are a list',
    { ottPlatformName: 'line', ottPlatformAttributes: [] },
    '10001 OttPlatformAttributes is invalid',
  ],
  ['nothing at all', {}, '10002 OttPlatformName must be provided', '10002 OttPlatformAttributes is invalid'],
  [
    'an unknown platform without attributes',
    { ottPlatformName: 'x', ottPlatformAttributes: {} },
    '10005 OttPlatformName is invalid',
    '10002 EndpointUrl must be provided',
    '10002 IsActive must be provided',
  ],
  [
    'a LINE sender without attributes',
    { ottPlatformName: 'line', ottPlatformAttributes: { channelId: ' ', channelName: null, isTransactional: '' } },
    '10002 EndpointUrl must be provided',
    '10002 IsActive must be provided',
    '10002 ChannelId must be provided',
    '10002 ChannelName must be provided',
    '10002 ChannelSecret must be provided',
    '10002 isTransactional must be provided',
    '10002 isTestChannel must be provided',
  ],
  [
    'a Messenger sender without attributes',
    { ottPlatformName: 'messenger', ottPlatformAttributes: {} },
    '10002 EndpointUrl must be provided',
    '10002 IsActive must be provided',
    '10002 ApplicationId must be provided',
    '10002 ApplicationSecret must be provided',
    '10002 PageId must be provided',
    '10002 PageName must be provided',
    '10002 PageAccessToken must be provided',
    '10002 CallbackVerifyToken must be provided',
  ],
  ['an attribute of a wrong type', line({ channelName: {} }), '10001 ChannelName must be a string'],
  ['a flag that is a word', line({ isTransactional: 'perhaps' }), '10001 isTransactional must be true or false'],
  ['a flag that is 2', line({ isActive: 2 }), '10001 IsActive must be true or false'],
  [
    'an id that JSON rounds',
    messenger({ pageId: 2 ** 60 }),
    '10001 PageId is a number too large to be exact: send it as a string',
  ],
  ['an endpoint that is elsewhere', line({ endpointUrl: 'https://evil.example' }), elsewhere],
  [
    'an endpoint and an attribute',
    line({ endpointUrl: 'http://api.line.me', channelId: '' }),
    elsewhere,
    '10002 ChannelId must be provided',
  ],
  [
    'an endpoint that is a word',
    line({ endpointUrl: 'line' }),
    '10005 EndpointUrl is invalid: it must be an https URL',
  ],
  ['a body that is a list', [], '10001 The request body must be an object'],
]

test.each(rows)('a registration is refused for %s', async (_what, body, ...problems) => {
  const before = new Map(ingress.senders)
  const answer = await register(body)
  expect(answer).toMatchObject({ status: 400, json: { message: 'Please fix the following errors', errorcode: 10006 } })
  expect(problemsOf(answer)).toEqual(problems)
  expect(ingress.senders).toEqual(before)
})

test('a second registration of a sender overwrites the first', async () => {
  await register(line({ channelName: 'Shop' }))
  await register(line({ channelName: 'Store', isActive: 0 }))
  expect(ingress.senders.get('line:1656000001')).toMatchObject({ active: false, attributes: { channelName: 'Store' } })
})

test('no answer about a sender ever holds its secrets', async () => {
  const answers = [
    await register(line({ customerConnectSecret: 'connect-secret' })),
    await register(messenger()),
    await register(line({ channelId: '' })),
    await ingress.request('GET', '/ott/v1/registration/line'),
    await ingress.request('GET', '/ott/v1/registration/messenger'),
    await ingress.request('GET', '/ott/v1/registration/line/1656000001'),
    await ingress.request('GET', '/ott/v1/registration/messenger/222'),
    await ingress.request('DELETE', '/ott/v1/registration/line/1656000001'),
  ]
  const told = answers.map(({ text, headers }) => text + JSON.stringify([...headers])).join()
  expect(told).toContain('1656000001')
  expect(told).not.toMatch(
    /line-secret|connect-secret|app-secret|page-token|verify-token|Secret"|pageAccessToken|callbackVerifyToken/,
  )
})
