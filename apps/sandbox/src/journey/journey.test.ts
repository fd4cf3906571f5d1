import { afterEach, beforeEach, expect, test } from '@jest/globals'

import { type AskingSandbox, known, openAskingSandbox } from '../test-dispatcher.ts'
import { hello } from '../test-sandbox.ts'
import { openChattySandbox, somebody } from '../test-chats.ts'

let sandbox: AskingSandbox
beforeEach(async () => {
  sandbox = await openAskingSandbox()
})
afterEach(() => sandbox.close())

test('a push has all calls with its retry key, refused and repeated ones too, and what the dispatcher tells', async () => {
  await sandbox.control('/faults', { network: 'line', fault: 'rate-limit' })
  for (const status of [429, 200, 409])
    expect(await sandbox.push([hello], { retryKey: known.id })).toMatchObject({ status })
  await sandbox.push([hello])
  expect(await sandbox.control('/journeys/1')).toMatchObject({
    entry: { sequence: 1, recipient: somebody.line, retryKey: known.id },
    calls: [{ status: 429, fault: 'rate-limit' }, { status: 200 }, { status: 409 }],
    dispatcher: { status: known.history.status, attempts: known.history.attempts },
  })
})

test('a Messenger message is known by its metadata', async () => {
  await sandbox.control('/faults', { network: 'messenger', fault: 'server-error' })
  for (const status of [500, 200])
    expect(await sandbox.send({ text: 'hello', metadata: known.id })).toMatchObject({ status })
  const { calls, dispatcher: told } = Object(await sandbox.control('/journeys/1'))
  expect(calls).toMatchObject([{ status: 500 }, { status: 200 }])
  expect(told).toMatchObject({ status: [{ event: 'Created' }, { event: 'Queued' }, { event: 'Sent' }] })
})

test('the dispatcher is asked with the right to read alone, once for many questions, and again when its token is no longer good', async () => {
  await sandbox.push([hello], { retryKey: known.id })
  await sandbox.control('/journeys/1')
  await sandbox.control('/journeys/1')
  expect(sandbox.dispatcher.asked.map((call) => call.split(' ', 2).join(' '))).toEqual([
    'POST /v2/token',
    `GET /ott/v1/send/${known.id}`,
    `GET /ott/v1/send/${known.id}`,
  ])
  expect(sandbox.dispatcher.asked[0]).toContain('"scope":"ott_chat_messaging_read"')
  sandbox.dispatcher.dropTokens()
  expect(await sandbox.control('/journeys/1')).toMatchObject({ dispatcher: { status: [{}, {}, {}] } })
})

test('what was sent and to whom the dispatcher tells the page nothing of', async () => {
  await sandbox.push([hello], { retryKey: known.id })
  expect(JSON.stringify(await sandbox.control('/journeys/1'))).not.toContain('whom nobody else need know')
})

test('only an id or a key is asked for: whoever writes to the sandbox cannot choose another address', async () => {
  for (const metadata of ['../registration/line', 'hello', `${known.id}/../../registration/line`])
    await sandbox.send({ text: 'hello', metadata })
  for (const sequence of [1, 2, 3])
    expect(await sandbox.control(`/journeys/${sequence}`)).toMatchObject({ dispatcher: { unknown: expect.anything() } })
  await sandbox.control(`/journeys/1?delivery=${encodeURIComponent('../registration/line?a=b')}`)
  await sandbox.control('/journeys/1?delivery=..')
  const paths = sandbox.dispatcher.asked.flatMap((call) => /^GET (\S+)/.exec(call)?.[1] ?? [])
  const key = '/ott/v1/send/hello-messenger'
  expect(new Set(paths)).toEqual(new Set([key, '/ott/v1/send/..%2Fregistration%2Fline%3Fa%3Db']))
})

test('what the dispatcher does not know, or how it fails, is told in words, and never with a secret', async () => {
  await sandbox.push([hello], { retryKey: known.id.replace('7', '8') })
  expect(await sandbox.control('/journeys/1')).toMatchObject({
    dispatcher: { unknown: expect.stringContaining('it knows no such delivery') },
  })
  const wrong = await openChattySandbox({
    dispatcher: { url: sandbox.dispatcher.url, client: { id: 'shop', secret: 'hunter2' } },
  })
  await wrong.push([hello], { retryKey: known.id })
  const refused = await wrong.control('/journeys/1')
  expect(refused).toMatchObject({ dispatcher: { unknown: expect.stringContaining('it gave no token (401)') } })
  expect(JSON.stringify(refused)).not.toContain('hunter2')
  await wrong.close()
  const away = await openChattySandbox({
    dispatcher: { url: 'http://127.0.0.1:1', client: { id: 'shop', secret: 'hunter2' } },
  })
  await away.push([hello], { retryKey: known.id })
  expect(await away.control('/journeys/1')).toMatchObject({
    dispatcher: { unknown: expect.stringContaining('it does not answer') },
  })
  await away.close()
})

test('a sandbox that was given no client asks nobody, and what is no longer in the ledger has no journey', async () => {
  const alone = await openChattySandbox()
  await alone.push([hello], { retryKey: known.id })
  expect(await alone.control('/journeys/1')).toMatchObject({
    dispatcher: { unknown: expect.stringContaining('OTT_CLIENT_ID') },
  })
  await alone.call('/sandbox/ledger', undefined, { method: 'DELETE' })
  for (const path of ['/sandbox/journeys/1', '/sandbox/journeys/2', '/sandbox/journeys/0'])
    expect(await alone.call(path)).toMatchObject({ status: 404 })
  await alone.close()
})
