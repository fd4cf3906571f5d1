import { text } from 'node:stream/consumers'

import { expect, test } from '@jest/globals'

import { aLineUser, senders, useApi } from './use-api.ts'
import { canLendTerminal, startOnTerminal } from './use-ott.ts'

const api = useApi()
const isUuid = expect.stringMatching(/^[\da-f-]{36}$/)
const send = (to: string, ...more: string[]) => ['send', '--to', to, '--from', senders.line, ...more]

test('a message reaches the person, and with --wait it is told how', async () => {
  const person = aLineUser()
  const { code, stdout, stderr } = await api.program(send(`line:${person}`, '--text', 'Hello', '--wait', '30'))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^✓ Sent\nDelivery {5}[\da-f-]{36}\nVia {10}push\nMessage ids {2}\d+\n$/)
  expect(await api.received(person)).toEqual([{ type: 'text', text: 'Hello' }])
})

test('what was sent, and what became of it, is there as JSON', async () => {
  const to = `LINE:${aLineUser()}`
  expect(await api.json(send(to, '--text', 'Hello'))).toEqual({ ottRequestId: isUuid, replayed: false })
  expect(await api.json(send(to, '--text', 'Hello', '--key', 'order-17', '--wait'))).toMatchObject({
    ottRequestId: isUuid,
    requestBody: { messageKey: 'order-17', validityPeriod: 'P1D' },
    sent: { event: 'Sent', via: 'push' },
  })
})

test('contents are given as the API takes them, one or several', async () => {
  const person = aLineUser()
  const picture = { type: 'image', url: 'https://example.com/a.jpg', altUrl: 'https://example.com/b.jpg' }
  const contents = JSON.stringify([picture, { type: 'text', text: 'Look' }])
  await api.json(send(`line:${person}`, '--contents', contents, '--wait'))
  await api.json(send(`line:${person}`, '--contents', JSON.stringify(picture), '--wait'))
  expect(await api.received(person)).toMatchObject([{ type: 'image' }, { type: 'text' }, { type: 'image' }])
})

test('a message for Messenger says why the person is written to, and may be for a user_ref', async () => {
  const message = ['send', '--from', senders.messenger, '--text', 'Hello', '--messaging-type', 'MESSAGE_TAG']
  const tag = ['--tag', 'ACCOUNT_UPDATE', '--notification-type', 'NO_PUSH']
  for (const to of [['messenger:6000000000000001'], ['messenger', '--user-reference', 'a-ref']])
    expect(await api.json([...message, ...tag, '--to', ...to])).toMatchObject({ ottRequestId: isUuid })
})

test('the same message with the same key is sent once', async () => {
  const args = send(
    `line:${aLineUser()}`,
    '--text',
    'Hello',
    '--key',
    'order-17',
    '--idempotency-key',
    'order 17, once',
  )
  const first = await api.json(args)
  expect(await api.json(args)).toEqual({ ...Object(first), replayed: true })
})

test('all that is wrong with a message is told, and it ends with exit code 1', async () => {
  const { code, stdout, stderr } = await api.run(['send', '--to', 'messenger:1', '--from', '404', '--text', 'Hello'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toBe(
    'error: the message is refused:\n  - Sender Id provided is either unregistered or inactive\n  - MessagingType must be provided as a Custom Key\n',
  )
})

test('a message that fails, or takes too long, ends --wait with exit code 1 and the reason', async () => {
  const failed = await api.run(send('line:nobody', '--text', 'Hello', '--wait'))
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(failed.stderr).toMatch(/^error: [\da-f-]{36}: The delivery failed \(recipient\): /)
  const messenger = ['send', '--to', 'messenger:1', '--from', senders.messenger, '--text', 'Hello', '--messaging-type']
  const waiting = await api.run([...messenger, 'UPDATE', '--wait', '1'])
  expect(waiting).toMatchObject({ code: 1, stdout: '' })
  expect(waiting.stderr).toMatch(/^error: [\da-f-]{36}: The delivery is still under way after 1 s \(Queued\)/)
})

test.each([
  [['--text', 'a', '--contents', '{}'], 'Give either --text or --contents.'],
  [[], 'Give either --text or --contents.'],
  [['--contents', 'Hello'], 'It must be JSON'],
  [['--contents', '[]'], 'It must be JSON'],
  [['--text', 'a', '--to', 'pigeon:1'], 'There are: line or messenger.'],
  [['--text', 'a', '--wait', 'long'], 'It must be a whole number of seconds'],
])('it does not take %j', async (args, message) => {
  const { code, stdout, stderr } = await api.run(send('line:U1', ...args))
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

const onTerminal = canLendTerminal ? test : test.skip

onTerminal('whoever waits at a terminal for more than a second is told what for', async () => {
  const args = [
    'send',
    '--to',
    'messenger:1',
    '--from',
    senders.messenger,
    '--text',
    'Hello',
    '--messaging-type',
    'UPDATE',
  ]
  const child = startOnTerminal([...args, '--wait', '2'], { ...api.env(), NO_COLOR: '1' })
  child.stdin.end()
  expect(await text(child.stdout)).toMatch(/Waiting until it is sent … 1 s[^]*error: .* is still under way after 2 s/)
})
