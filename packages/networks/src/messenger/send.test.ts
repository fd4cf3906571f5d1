import { expect, test } from '@jest/globals'
import type { NetworkAttempt } from '@ott/delivery'

import { aDelivery, anAttempt } from '../a-delivery.ts'
import type { Script } from '../scripted-network.ts'
import { attributes, graphError, send, sent, useScriptedMessenger } from './scripted-messenger.ts'

const messenger = useScriptedMessenger()

const once = (changes: Partial<NetworkAttempt> = {}) =>
  messenger.openWith({ ...attributes, unknownOutcome: 'error' }).deliver(aDelivery(), anAttempt(changes))

const open: [string, Script][] = [
  ['a 502 of a proxy', { status: 502, body: '<html>' }],
  ['a 504 of a proxy', { status: 504, body: '<html>' }],
  ['an unknown error', { status: 400, body: graphError(1) }],
  ['an unknown error of an unknown kind', { status: 500, body: graphError(1, 4242) }],
  [
    'an unknown error that is called transient',
    { status: 400, body: graphError(1, undefined, { is_transient: true }) },
  ],
]

test.each(open)(
  '%s leaves it open if the message was sent: at least once, it is tried again',
  async (_what, script) => {
    messenger.script(send, script)
    expect(await messenger.deliver(aDelivery())).toMatchObject({
      outcome: 'deferred',
      reason: 'unavailable',
      inDoubt: true,
    })
  },
)

test.each([...open, ['no answer', 'hang up'], ['silence', 'stay silent']] satisfies [string, Script][])(
  '%s leaves it open if the message was sent: at most once, it ends in an error, after one call',
  async (_what, script) => {
    messenger.script(send, script, sent)
    expect(await once()).toMatchObject({ outcome: 'refused', reason: 'ambiguous' })
    expect(messenger.calls(send)).toHaveLength(1)
  },
)

test('at most once, what Messenger has definitely not sent is tried again', async () => {
  messenger.script(send, { status: 400, body: graphError(2) }, sent)
  expect(await once()).toMatchObject({ outcome: 'accepted', messageIds: ['m_AbC'] })
  messenger.script(send, { status: 400, body: graphError(613) })
  expect(await once()).toMatchObject({ outcome: 'deferred', reason: 'throttled' })
})

test('at most once, a send is on record before it is made', async () => {
  const recorded: string[] = []
  const record = async (via: string) => void recorded.push(`${via} after ${messenger.calls(send).length}`)
  expect(await once({ record })).toMatchObject({ outcome: 'accepted' })
  expect(recorded).toEqual(['send after 0'])
})

test('at most once, nothing is sent after an attempt whose outcome never became known', async () => {
  const earlier = { recorded: 'send', inDoubt: true }
  expect(await once({ earlier })).toMatchObject({ outcome: 'refused', reason: 'ambiguous' })
  expect(messenger.calls(send)).toHaveLength(0)
})

test('at most once, a worker lost before it put a send on record has not sent', async () => {
  expect(await once({ earlier: { inDoubt: false, doubtfulSince: 1 } })).toMatchObject({ outcome: 'accepted' })
})

test('at most once, a send to where no connection can be made is tried again later', async () => {
  const page = messenger.openNowhere({ ...attributes, unknownOutcome: 'error' })
  await expect(page.deliver(aDelivery(), anAttempt())).rejects.toMatchObject({ name: 'NoAnswer', reached: false })
})
