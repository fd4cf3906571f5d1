import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { hello, openTestSandbox, person, type TestSandbox } from '../test-sandbox.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openTestSandbox({ callsMax: 5 })
})
afterAll(() => sandbox.close())

const sendTo = (id: string, page: string) =>
  sandbox.call(`/messenger/v26.0/${page}/messages?access_token=very-secret`, {
    recipient: { id },
    messaging_type: 'RESPONSE',
    message: { text: id },
  })

test('the ledger can be read by network, by person and by sender, oldest first', async () => {
  const headers = await sandbox.authorize('9')
  await sandbox.call('/line/v2/bot/message/push', { to: person, messages: [hello] }, { headers })
  await sendTo('1', '100')
  await sendTo('2', '100')
  await sendTo('1', '200')
  expect(await sandbox.control('/ledger')).toMatchObject({
    entries: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }, { sequence: 4 }],
    oldest: 1,
    newest: 4,
  })
  expect(await sandbox.control('/ledger?network=line')).toMatchObject({ entries: [{ recipient: person }] })
  expect(await sandbox.control('/ledger?recipient=1')).toMatchObject({
    entries: [{ sender: '100' }, { sender: '200' }],
  })
  expect(await sandbox.control('/ledger?sender=100&recipient=2')).toMatchObject({ entries: [{ sequence: 3 }] })
})

test('the ledger can be read on from where one stopped', async () => {
  expect(await sandbox.control('/ledger?after=2&limit=1')).toMatchObject({ entries: [{ sequence: 3 }], newest: 4 })
  expect(await sandbox.control('/ledger?after=4')).toMatchObject({ entries: [], newest: 4 })
})

test('an emptied ledger counts on', async () => {
  expect((await sandbox.call('/sandbox/ledger', undefined, { method: 'DELETE' })).status).toBe(204)
  expect(await sandbox.control('/ledger')).toEqual({ entries: [], oldest: 5, newest: 4 })
  await sendTo('1', '100')
  expect(await sandbox.control('/ledger')).toMatchObject({ entries: [{ sequence: 5 }], oldest: 5, newest: 5 })
})

test('the call log keeps the newest calls, refused ones too, and no secret', async () => {
  await sendTo('nobody', '300')
  await sandbox.call('/messenger/v26.0/300/messages', {})
  await sandbox.call('/line/v2/bot/message/nowhere')
  const { body } = await sandbox.call('/sandbox/calls')
  expect(body).toMatchObject({
    calls: [
      { operation: 'send', sender: '200', status: 200 },
      { operation: 'send', sender: '100', status: 200 },
      { operation: 'send', sender: '300', recipient: 'nobody', status: 400 },
      { operation: 'send', sender: '300', status: 400 },
      { network: 'line', operation: 'unknown', status: 404 },
    ],
  })
  expect(JSON.stringify(body)).not.toContain('secret')
})

test.each<[string, unknown, string]>([
  ['/sandbox/faults', 'no JSON', 'the body must be JSON'],
  ['/sandbox/faults', { network: 'line', fault: 'server-error', time: 1 }, 'Unrecognized key: "time"'],
  ['/sandbox/faults', { network: 'line', fault: 'temporary' }, 'fault: Invalid option: expected one of'],
  ['/sandbox/faults', { network: 'fax', fault: 'slow' }, 'network: '],
  ['/sandbox/faults', { network: 'line', fault: 'slow' }, 'delayMs: must be given for slow'],
  ['/sandbox/faults', { network: 'line', fault: 'slow-answer' }, 'delayMs: must be given for slow'],
  ['/sandbox/clock', { advanceSeconds: -1 }, 'advanceSeconds: '],
  ['/sandbox/senders', { network: 'line', channelId: '1' }, 'channelSecret: '],
  ['/sandbox/line/reply-tokens', { userId: 'me' }, 'userId: must be a LINE id'],
  ['/sandbox/written', { network: 'line', person: '1', text: 'a' }, 'person: must be a LINE id'],
  ['/sandbox/written', { network: 'messenger', person: person, text: 'a' }, "person: must be a Messenger user's id"],
  ['/sandbox/written', { network: 'messenger', person: '1', text: ' ' }, 'text: '],
])('a control request that is not understood is told why: %s %j', async (path, body, problem) => {
  const refused = await sandbox.call(path, body)
  expect(refused).toMatchObject({
    status: 400,
    body: { message: 'The sandbox does not understand this request.', problems: [expect.stringContaining(problem)] },
  })
})

test.each(['after=-1', 'limit=x', 'network=fax', 'receiver=1'])(
  'a query that is not understood is refused: %s',
  async (query) => {
    expect((await sandbox.call(`/sandbox/ledger?${query}`)).status).toBe(400)
  },
)

test('what a person writes on LINE brings a reply token that is good once; on Messenger it is only shown', async () => {
  const written = await sandbox.control('/written', { network: 'line', person, text: ' Hi ' })
  expect(written).toMatchObject({ person, text: 'Hi', expiresAt: sandbox.clock.now + 60_000, mark: 'reply token 1' })
  const headers = await sandbox.authorize('9')
  const body = { replyToken: Object(written).replyToken, messages: [hello] }
  const reply = () => sandbox.call('/line/v2/bot/message/reply', body, { headers })
  expect([(await reply()).status, (await reply()).status]).toEqual([200, 400])
  const onMessenger = await sandbox.control('/written', { network: 'messenger', person: '1', text: 'Hi' })
  expect(onMessenger).toEqual({ network: 'messenger', person: '1', text: 'Hi', at: sandbox.clock.now })
})

test('what is declared is answered without its secret', async () => {
  const page = { network: 'messenger', pageId: '1', pageAccessToken: 'very-secret', applicationSecret: 'very-secret' }
  const { status, body } = await sandbox.call('/sandbox/senders', page)
  expect(status).toBe(201)
  expect(body).toEqual({ network: 'messenger', pageId: '1' })
})

test('other control calls and methods are refused', async () => {
  expect((await sandbox.call('/sandbox/nothing')).status).toBe(404)
  expect((await sandbox.call('/sandbox/senders')).headers.get('allow')).toBe('POST')
})
